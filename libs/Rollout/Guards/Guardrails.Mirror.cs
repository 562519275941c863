using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>What is tested of requests that both versions answered.</summary>
public sealed partial class Guardrails
{
    private IEnumerable<GuardTest?> TestMirror(ShadowTally mirror)
    {
        yield return TestRate(
            "errors",
            "mirroredErrors",
            "failed on mirrored requests",
            limits.ErrorMargin,
            new(mirror.ReferenceFailed, mirror.Pairs),
            new(mirror.CandidateFailed, mirror.Pairs),
            Always,
            Threshold
        );
        yield return TestRate(
            "invalidOutputs",
            "mirroredInvalidOutputs",
            "gave no valid output on mirrored requests",
            limits.InvalidMargin,
            new(mirror.ReferenceInvalid, mirror.Pairs),
            new(mirror.CandidateInvalid, mirror.Pairs),
            Always,
            Threshold
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
}
