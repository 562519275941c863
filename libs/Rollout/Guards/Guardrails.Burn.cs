using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Whether the candidate burns an error budget so fast that people would be woken: over a long window, so that it matters, and over a short
/// one, so that it still lasts (SRE workbook, chapter 5). The long one is that of the step, of which evidence stands for a number of
/// requests. What the stable version does as well is no fault of the candidate.
/// </summary>
public sealed partial class Guardrails
{
    private const string ErrorBudget = "errorBudget";
    private const string LatencyBudget = "latencyBudget";

    private IEnumerable<GuardTest?> TestBurn(GuardTally seen)
    {
        if (limits.Burn is not { } burn)
        {
            yield break;
        }
        yield return TestBurn(
            ErrorBudget,
            "failed",
            burn.FailedShare,
            FailedOf(seen.Stable),
            (FailedOf(seen.Canary), seen.Canary.Lately.Failed)
        );
        yield return TestBurn(
            LatencyBudget,
            string.Create(CultureInfo.InvariantCulture, $"took over {burn.SlowMilliseconds:0.##} ms"),
            burn.SlowShare,
            SlowOf(seen.Stable, burn),
            (SlowOf(seen.Canary, burn), seen.Canary.Lately.Slow)
        );
    }

    private GuardTest? TestBurn(string guard, string what, double limit, Rate stable, (Rate Long, Rate Short) canary)
    {
        if (stable.Total > 0 && stable.Value >= limit)
        {
            return null;
        }
        string lately = $"lately it is {Share(canary.Short)} of {canary.Short.Total}.";
        string why = $" That share would burn the error budget of the objective too fast; {lately}";
        GuardTest? test = TestShare(guard, what, limit, canary.Long, Threshold, why);
        return test is null || (canary.Short.Total > 0 && canary.Short.Value >= limit)
            ? test
            : test with
            {
                Reading = test.Reading with { Evidence = Math.Min(test.Reading.Evidence, canary.Short.Value / limit) }, // at 1 it breaks
                IsBroken = false,
            };
    }

    private static Rate SlowOf(ArmTally arm, BurnLimits burn) => new(arm.Latency.CountAbove(burn.SlowMilliseconds), arm.Latency.Total);
}
