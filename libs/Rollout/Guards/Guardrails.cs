using System.Globalization;
using Serverless.Rollout.Statistics;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Judges a candidate by what was seen so far. Every guardrail is a sequential test of its own share of the error rate (Bonferroni), so
/// that judging after every request, for ever, turns a candidate within its limits back with at most that rate. Pure and thread-safe.
/// </summary>
public sealed class Guardrails(GuardLimits limits, int steps)
{
    // errors, invalid outputs, p95, p99, score drift, feedback; mirrored: errors, invalid outputs, disagreement, its slices.
    private const int Tests = 10;

    /// <summary>The error rate of one test in one step.</summary>
    public double Alpha { get; } = limits.FalseAlarmRate / (Tests * Math.Max(1, steps));

    private double Threshold => Math.Log(1 / Alpha);

    /// <summary>All guardrails that are broken; none while the candidate keeps its limits, or too little was seen.</summary>
    public IReadOnlyList<GuardFinding> Judge(GuardTally seen)
    {
        IEnumerable<GuardFinding?> findings =
        [
            JudgeRate("errors", "failed", limits.ErrorMargin, Of(seen.Stable.Failed, seen.Stable), Of(seen.Canary.Failed, seen.Canary)),
            JudgeRate("invalidOutputs", "gave no valid output", limits.InvalidMargin, Of(seen.Stable.Invalid, seen.Stable), Of(seen.Canary.Invalid, seen.Canary)),
            JudgeRate("feedback", "had a bad outcome", limits.FeedbackMargin, new(seen.Stable.BadOutcomes, seen.Stable.Outcomes), new(seen.Canary.BadOutcomes, seen.Canary.Outcomes)),
            JudgeQuantile("latencyP95", 0.95, seen),
            JudgeQuantile("latencyP99", 0.99, seen),
            JudgeScores(seen),
            .. JudgeMirror(seen.Mirror),
        ];
        return [.. findings.OfType<GuardFinding>()];
    }

    private IEnumerable<GuardFinding?> JudgeMirror(MirrorTally mirror)
    {
        yield return JudgeRate("errors", "failed on mirrored requests", limits.ErrorMargin, new(mirror.ReferenceFailed, mirror.Pairs), new(mirror.CandidateFailed, mirror.Pairs));
        yield return JudgeRate("invalidOutputs", "gave no valid output on mirrored requests", limits.InvalidMargin, new(mirror.ReferenceInvalid, mirror.Pairs), new(mirror.CandidateInvalid, mirror.Pairs));
        if (limits.MaxDisagreement is not { } limit) yield break;
        yield return JudgeDisagreement(new(mirror.Disagreed, mirror.Compared), limit, null);
        foreach ((string slice, Rate rate) in mirror.Slices) yield return JudgeDisagreement(rate, limit, slice);
    }

    private GuardFinding? JudgeRate(string guard, string what, double? margin, Rate stable, Rate canary)
    {
        if (margin is not { } allowed || canary.Total == 0) return null;
        // Where nothing was seen of the stable version, the margin alone is what is allowed.
        double log = stable.Total > 0 ? RateTest.LogEvidence(stable, canary, allowed) : RateTest.LogEvidence(canary, allowed);
        return log < Threshold ? null : new GuardFinding(
            guard,
            $"{Share(canary)} of the candidate's {canary.Total} requests {what}, against {Share(stable)} of the stable version's {stable.Total}; allowed is {Percent(allowed)} of all beyond that.",
            Math.Exp(-log));
    }

    private GuardFinding? JudgeDisagreement(Rate rate, double limit, string? slice)
    {
        if (rate.Total == 0) return null;
        double log = RateTest.LogEvidence(rate, limit);
        // All slices share one test's part of the error rate.
        double threshold = slice is null ? Threshold : Threshold + Math.Log(MirrorTally.MaxSlices + 1);
        string where = slice is null ? "" : $" in the slice {slice}";
        return log < threshold ? null : new GuardFinding(
            "disagreement",
            $"The two versions disagree on {Share(rate)} of {rate.Total} mirrored requests{where}; allowed is {Percent(limit)}.",
            Math.Min(1, Math.Exp(-log + threshold - Threshold)),
            slice);
    }

    private GuardFinding? JudgeQuantile(string guard, double p, GuardTally seen)
    {
        if (limits.LatencyRatio is not { } ratio) return null;
        double candidate = QuantileSequence.LowerBound(seen.Canary.Latency, p, Alpha / 2);
        double stable = QuantileSequence.UpperBound(seen.Stable.Latency, p, Alpha / 2);
        return candidate <= (ratio * stable) + limits.LatencySlackMilliseconds ? null : new GuardFinding(
            guard,
            string.Create(CultureInfo.InvariantCulture, $"The candidate's p{p * 100:0} is above {candidate:0} ms (after {seen.Canary.Latency.Total} requests), the stable version's below {stable:0} ms (after {seen.Stable.Latency.Total}); allowed is {ratio:0.##} times that and {limits.LatencySlackMilliseconds:0} ms."),
            Alpha);
    }

    private GuardFinding? JudgeScores(GuardTally seen)
    {
        if (limits.MaxScoreShift is not { } limit) return null;
        double log = seen.Canary.Scores.LogEvidence(seen.Stable.Scores);
        double psi = seen.Canary.Scores.StabilityIndex(seen.Stable.Scores);
        return log < Threshold || psi <= limit ? null : new GuardFinding(
            "scoreDrift",
            string.Create(CultureInfo.InvariantCulture, $"The candidate's {seen.Canary.Scores.Total} scores are distributed otherwise than the stable version's {seen.Stable.Scores.Total}: stability index {psi:0.00}; allowed is {limit:0.00}."),
            Math.Exp(-log));
    }

    private static Rate Of(long bad, ArmTally arm) => new(bad, arm.Requests);

    private static string Share(Rate rate) => Percent(rate.Value);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
