using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Whether the candidate burns an error budget so fast that people would be woken, by all requests since its step began: the window is that
/// of the step, and evidence stands for a number of requests. What the stable version does as well is no fault of the candidate.
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
            Of(seen.Stable.Failed, seen.Stable),
            Of(seen.Canary.Failed, seen.Canary)
        );
        yield return TestBurn(
            LatencyBudget,
            string.Create(CultureInfo.InvariantCulture, $"took over {burn.SlowMilliseconds:0.##} ms"),
            burn.SlowShare,
            SlowOf(seen.Stable, burn),
            SlowOf(seen.Canary, burn)
        );
    }

    private GuardTest? TestBurn(string guard, string what, double limit, Rate stable, Rate canary) =>
        stable.Total > 0 && stable.Value >= limit
            ? null
            : TestShare(guard, what, limit, canary, " That share would burn the error budget of the objective too fast.");

    private static Rate SlowOf(ArmTally arm, BurnLimits burn) => new(arm.Latency.CountAbove(burn.SlowMilliseconds), arm.Latency.Total);
}
