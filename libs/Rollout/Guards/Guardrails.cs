using System.Globalization;
using Serverless.Statistics.Sequential;

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

    /// <summary>Evidence from which a guardrail is broken.</summary>
    internal double Threshold => Math.Log(1 / Alpha);

    /// <summary>That the candidate's rate is above the stable version's by more than the margin.</summary>
    internal static double LogEvidence(Rate stable, Rate canary, double margin) =>
        // Where nothing was seen of the stable version, the margin alone is what is allowed.
        stable.Total > 0
            ? RateTest.LogEvidence(stable, canary, margin)
            : RateTest.LogEvidence(canary, margin);

    public GuardVerdict Judge(GuardTally seen)
    {
        GuardTest[] tests = [.. Test(seen)];
        return new GuardVerdict(
            [.. tests.Where(test => test.IsBroken).Select(test => test.Finding)],
            [
                .. tests
                    .Select(test => test.Reading)
                    .GroupBy(reading => reading.Guard)
                    .Select(same => same.MaxBy(reading => reading.Evidence)!),
            ]
        );
    }

    private IEnumerable<GuardTest> Test(GuardTally seen)
    {
        IEnumerable<GuardTest?> tests =
        [
            TestRate(
                "errors",
                "errors",
                "failed",
                limits.ErrorMargin,
                Of(seen.Stable.Failed, seen.Stable),
                Of(seen.Canary.Failed, seen.Canary)
            ),
            TestRate(
                "invalidOutputs",
                "invalidOutputs",
                "gave no valid output",
                limits.InvalidMargin,
                Of(seen.Stable.Invalid, seen.Stable),
                Of(seen.Canary.Invalid, seen.Canary)
            ),
            TestRate(
                "feedback",
                "feedback",
                "had a bad outcome",
                limits.FeedbackMargin,
                new(seen.Stable.BadOutcomes, seen.Stable.Outcomes),
                new(seen.Canary.BadOutcomes, seen.Canary.Outcomes)
            ),
            TestQuantile("latencyP95", 0.95, seen),
            TestQuantile("latencyP99", 0.99, seen),
            TestScores(seen),
            .. TestMirror(seen.Mirror),
        ];
        return tests.OfType<GuardTest>();
    }

    private IEnumerable<GuardTest?> TestMirror(ShadowTally mirror)
    {
        yield return TestRate(
            "errors",
            "mirroredErrors",
            "failed on mirrored requests",
            limits.ErrorMargin,
            new(mirror.ReferenceFailed, mirror.Pairs),
            new(mirror.CandidateFailed, mirror.Pairs)
        );
        yield return TestRate(
            "invalidOutputs",
            "mirroredInvalidOutputs",
            "gave no valid output on mirrored requests",
            limits.InvalidMargin,
            new(mirror.ReferenceInvalid, mirror.Pairs),
            new(mirror.CandidateInvalid, mirror.Pairs)
        );
        if (limits.MaxDisagreement is not { } limit)
        {
            yield break;
        }
        yield return TestDisagreement(new(mirror.Disagreed, mirror.Compared), limit, null);
        foreach ((string slice, Rate rate) in mirror.Slices)
        {
            yield return TestDisagreement(rate, limit, slice);
        }
    }

    private GuardTest? TestRate(string guard, string reading, string what, double? margin, Rate stable, Rate canary)
    {
        if (margin is not { } allowed || canary.Total == 0)
        {
            return null;
        }
        double log = LogEvidence(stable, canary, allowed);
        return new GuardTest(
            new GuardReading(
                reading,
                stable.Total > 0 ? stable.Value : null,
                canary.Value,
                Math.Min(1, stable.Value + allowed),
                Part(log, Threshold)
            ),
            log >= Threshold,
            new GuardFinding(
                guard,
                $"{Share(canary)} of the candidate's {canary.Total} requests {what}, against {Share(stable)} of the stable "
                    + $"version's {stable.Total}; allowed is {Percent(allowed)} of all beyond that.",
                Math.Exp(-log)
            )
        );
    }

    private GuardTest? TestDisagreement(Rate rate, double limit, string? slice)
    {
        if (rate.Total == 0)
        {
            return null;
        }
        double log = RateTest.LogEvidence(rate, limit);
        // All slices share one test's part of the error rate.
        double threshold = slice is null ? Threshold : Threshold + Math.Log(ShadowTally.MaxSlices + 1);
        string where = slice is null ? "" : $" in the slice {slice}";
        return new GuardTest(
            new GuardReading(slice is null ? "disagreement" : "sliceDisagreement", null, rate.Value, limit, Part(log, threshold)),
            log >= threshold,
            new GuardFinding(
                "disagreement",
                $"The two versions disagree on {Share(rate)} of {rate.Total} mirrored requests{where}; allowed is {Percent(limit)}.",
                Math.Min(1, Math.Exp(-log + threshold - Threshold)),
                slice
            )
        );
    }

    private GuardTest? TestQuantile(string guard, double p, GuardTally seen)
    {
        if (limits.LatencyRatio is not { } ratio || seen.Canary.Latency.Total == 0)
        {
            return null;
        }
        double candidate = QuantileSequence.LowerBound(seen.Canary.Latency, p, Alpha / 2);
        double stable = QuantileSequence.UpperBound(seen.Stable.Latency, p, Alpha / 2);
        double allowed = (ratio * stable) + limits.LatencySlackMilliseconds;
        double? measured = seen.Stable.Latency.Total == 0 ? null : seen.Stable.Latency.Quantile(p);
        return new GuardTest(
            // What the candidate surely needs, of what the stable version surely allows: above 1 it is broken.
            new GuardReading(
                guard,
                measured,
                seen.Canary.Latency.Quantile(p),
                (ratio * measured) + limits.LatencySlackMilliseconds,
                candidate / allowed
            ),
            candidate > allowed,
            new GuardFinding(
                guard,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's p{p * 100:0} is above {candidate:0} ms (after {seen.Canary.Latency.Total} requests), the "
                        + $"stable version's below {stable:0} ms (after {seen.Stable.Latency.Total}); allowed is {ratio:0.##} times "
                        + $"that and {limits.LatencySlackMilliseconds:0} ms."
                ),
                Alpha
            )
        );
    }

    private GuardTest? TestScores(GuardTally seen)
    {
        if (limits.MaxScoreShift is not { } limit || seen.Canary.Scores.Total == 0 || seen.Stable.Scores.Total == 0)
        {
            return null;
        }
        double log = seen.Canary.Scores.LogEvidence(seen.Stable.Scores);
        double psi = seen.Canary.Scores.StabilityIndex(seen.Stable.Scores);
        return new GuardTest(
            // Broken only when the shift is both sure and large.
            new GuardReading("scoreDrift", null, psi, limit, Math.Min(Part(log, Threshold), psi / limit)),
            log >= Threshold && psi > limit,
            new GuardFinding(
                "scoreDrift",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's {seen.Canary.Scores.Total} scores are distributed otherwise than the stable version's "
                        + $"{seen.Stable.Scores.Total}: stability index {psi:0.00}; allowed is {limit:0.00}."
                ),
                Math.Exp(-log)
            )
        );
    }

    /// <summary>
    /// Of the evidence that is needed, the part that is there; no more than a hundredfold, since certainty has no number.
    /// </summary>
    private static double Part(double log, double threshold) => Math.Clamp(log / threshold, 0, 100);

    private static Rate Of(long bad, ArmTally arm) => new(bad, arm.Requests);

    private static string Share(Rate rate) => Percent(rate.Value);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
