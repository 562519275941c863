using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Judges a candidate by what was seen so far. Every guardrail is a sequential test of its own share of the error rate (Bonferroni), so
/// that judging after every request, for ever, turns a candidate within its limits back with at most that rate. Pure and thread-safe.
/// </summary>
public sealed partial class Guardrails(GuardLimits limits, int steps)
{
    // errors, invalid outputs, feedback, latency, p95, p99 and score drift, each of the whole step and of late; mirrored: errors, invalid
    // outputs, disagreement, its slices.
    private const int Tests = 18;

    /// <summary>The error rate of one test in one step.</summary>
    public double Alpha { get; } = limits.FalseAlarmRate / ((Tests + limits.AbsoluteTests) * Math.Max(1, steps));

    /// <summary>Evidence from which a guardrail is broken.</summary>
    internal double Threshold => Math.Log(1 / Alpha);

    /// <summary>
    /// What is allowed while nothing is seen of the stable version: no version that serves fails that often. Bad outcomes may be as usual.
    /// </summary>
    internal const double Mostly = 0.5;
    internal const double Always = 1;

    /// <summary>That the candidate's rate is above the stable version's by more than the margin.</summary>
    /// <param name="alone">What the candidate's rate may be where nothing was seen of the stable version.</param>
    internal static double LogEvidence(Rate stable, Rate canary, double margin, double alone) =>
        stable.Total > 0 ? RateTest.LogEvidence(stable, canary, margin) : RateTest.LogEvidence(canary, alone);

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
            WithLate(seen, (stable, canary, threshold) => TestErrors(stable, canary, AloneBy(seen, limits.ErrorMargin), threshold)),
            WithLate(seen, (stable, canary, threshold) => TestInvalid(stable, canary, AloneBy(seen, limits.InvalidMargin), threshold)),
            WithLate(seen, TestFeedback),
            WithLate(seen, TestShift),
            WithLate(seen, (stable, canary, threshold) => TestQuantile("latencyP95", 0.95, stable, canary, threshold)),
            WithLate(seen, (stable, canary, threshold) => TestQuantile("latencyP99", 0.99, stable, canary, threshold)),
            WithLate(seen, TestScores),
            .. TestAbsolute(seen),
            .. TestBurn(seen),
            .. TestMirror(seen.Mirror),
        ];
        return tests.OfType<GuardTest>();
    }

    private GuardTest? TestErrors(ArmTally stable, ArmTally canary, double alone, double threshold) =>
        TestRate("errors", "errors", "failed", limits.ErrorMargin, FailedOf(stable), FailedOf(canary), alone, threshold);

    private GuardTest? TestInvalid(ArmTally stable, ArmTally canary, double alone, double threshold) =>
        TestRate(
            "invalidOutputs",
            "invalidOutputs",
            "gave no valid output",
            limits.InvalidMargin,
            new(stable.Invalid, stable.Requests),
            new(canary.Invalid, canary.Requests),
            alone,
            threshold
        );

    private GuardTest? TestFeedback(ArmTally stable, ArmTally canary, double threshold) =>
        TestRate("feedback", "feedback", "had a bad outcome", limits.FeedbackMargin, BadOf(stable), BadOf(canary), Always, threshold);

    /// <summary>Where the stable version had no requests for a day, the margin alone is what is allowed.</summary>
    private static double AloneBy(GuardTally seen, double? margin) =>
        seen.Past is { Requests: 0 } ? margin ?? Always : Math.Max(Mostly, margin ?? Always);

    private static GuardTest? TestRate(
        string guard,
        string reading,
        string what,
        double? margin,
        Rate stable,
        Rate canary,
        double alone,
        double threshold
    )
    {
        if (margin is not { } allowed || canary.Total == 0)
        {
            return null;
        }
        double log = LogEvidence(stable, canary, allowed, alone);
        bool isCompared = stable.Total > 0;
        string limit = isCompared
            ? $"against {Share(stable)} of the stable version's {stable.Total}; allowed is {Percent(allowed)} of all beyond that."
            : $"and nothing is known of the stable version's; allowed is {Percent(alone)} of all.";
        return new GuardTest(
            new GuardReading(
                reading,
                isCompared ? stable.Value : null,
                canary.Value,
                isCompared ? Math.Min(1, stable.Value + allowed) : alone,
                Part(log, threshold)
            ),
            log >= threshold,
            new GuardFinding(guard, $"{Share(canary)} of the candidate's {canary.Total} requests {what}, {limit}", Math.Exp(-log))
        );
    }

    private GuardTest? TestScores(ArmTally stable, ArmTally canary, double threshold)
    {
        if (limits.MaxScoreShift is not { } limit || canary.Scores.Total == 0 || stable.Scores.Total == 0)
        {
            return null;
        }
        double log = canary.Scores.LogEvidence(stable.Scores);
        double psi = canary.Scores.StabilityIndex(stable.Scores);
        return new GuardTest(
            // Broken only when the shift is both sure and large.
            new GuardReading("scoreDrift", null, psi, limit, Math.Min(Part(log, threshold), psi / limit)),
            log >= threshold && psi > limit,
            new GuardFinding(
                "scoreDrift",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's {canary.Scores.Total} scores are distributed otherwise than the stable version's "
                        + $"{stable.Scores.Total}: stability index {psi:0.00}; allowed is {limit:0.00}."
                ),
                Math.Exp(-log)
            )
        );
    }

    /// <summary>
    /// Of the evidence that is needed, the part that is there; no more than a hundredfold, since certainty has no number.
    /// </summary>
    private static double Part(double log, double threshold) => Math.Clamp(log / threshold, 0, 100);

    private static Rate FailedOf(ArmTally arm) => new(arm.Failed, arm.Requests);

    private static Rate BadOf(ArmTally arm) => new(arm.BadOutcomes, arm.Outcomes);

    private static string Share(Rate rate) => Percent(rate.Value);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
