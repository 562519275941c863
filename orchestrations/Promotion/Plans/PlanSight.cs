using System.Globalization;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Whether the steps of a plan can see anything by the number of requests that they ask for.</summary>
public static class PlanSight
{
    /// <summary>A step is too small that passes a version which is wrong so often, or twice as often as it may be.</summary>
    private const double Coarse = 0.1;

    /// <summary>The same of slow answers, of which there are always some.</summary>
    private const double CoarseSlow = 0.5;

    private const long MostLookedAt = 1 << 16;

    /// <summary>What one status has room for.</summary>
    private const int MaxWarnings = 3;

    /// <summary>The steps that share the promotion's error rate.</summary>
    public static int WatchedSteps(PromotionPlan plan) => plan.Canary.Count + (plan.Shadow is null ? 0 : 1);

    /// <summary>A sentence for each step that asks for too few requests, and how many it would take.</summary>
    public static IReadOnlyList<string> Warnings(PromotionPlan plan)
    {
        int steps = WatchedSteps(plan);
        IEnumerable<string?> found = plan.Canary.Select(canary =>
        {
            GuardLimits limits = plan.Guards.AtWeight(canary.Weight);
            return Warn(StepNames.Canary(canary), canary, requests =>
                Missed(limits, GuardSight.OfCanary(limits, steps, requests, canary.Weight))
            );
        });
        if (plan.Shadow is { } shadow)
        {
            found = found.Prepend(
                Warn(StepNames.Shadow, shadow, requests => MissedMirrored(plan.Guards, GuardSight.OfShadow(plan.Guards, steps, requests)))
            );
        }
        return [.. found.OfType<string>()];
    }

    /// <summary>The first few, each after a space; empty where there are none.</summary>
    public static string Warn(PromotionPlan plan)
    {
        IReadOnlyList<string> warnings = Warnings(plan);
        string more = warnings.Count > MaxWarnings ? $" {warnings.Count - MaxWarnings} more steps are too small." : "";
        return string.Concat(warnings.Take(MaxWarnings).Select(warning => $" {warning}")) + more;
    }

    private static string? Warn(string name, WatchedStep step, Func<long, IEnumerable<string>> missed)
    {
        string[] passed = [.. missed(step.MinRequests)];
        if (passed.Length == 0)
        {
            return null;
        }
        long needed = step.MinRequests;
        while (needed < MostLookedAt && missed(needed).Any())
        {
            needed += 1 + (needed / 20);
        }
        return $"{name}: {step.MinRequests} requests cannot show {string.Join(", ", passed)}; about {needed} can.";
    }

    private static IEnumerable<string> Missed(GuardLimits limits, GuardSight sight) =>
        [
            .. Missed("failures of", sight.Failures, limits.ErrorMargin, Coarse),
            .. Missed("slower answers to", sight.Slow, limits.LatencyRatio is null ? null : 0, CoarseSlow),
        ];

    private static IEnumerable<string> MissedMirrored(GuardLimits limits, GuardSight sight) =>
        [
            .. Missed("failures of", sight.Failures, limits.ErrorMargin, Coarse),
            .. Missed("other answers to", sight.Disagreement, limits.MaxDisagreement, Coarse),
        ];

    private static IEnumerable<string> Missed(string what, double? seen, double? limit, double coarse)
    {
        double wanted = Math.Min(1, Math.Max(coarse, 2 * (limit ?? 0)));
        if (limit is not null && !(seen <= wanted))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{what} {wanted * 100:0.#} %");
        }
    }
}
