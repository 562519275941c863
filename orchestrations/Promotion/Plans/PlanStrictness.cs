using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// A request may ask for more caution than the plan of its environment, never for less. All of the environment's canary steps stay, each
/// at least as long and with at least as many requests; others may come between them.
/// </summary>
internal static class PlanStrictness
{
    /// <summary>What of the plan is laxer than the environment's, each with what was found and what is asked for at least.</summary>
    public static IEnumerable<string> Problems(PromotionPlan asked, PromotionPlan environment) =>
        [
            .. Dropped("validation", asked.Validation, environment.Validation),
            .. Dropped("shadow", asked.Shadow is not null, environment.Shadow is not null),
            .. Shorter("shadow", asked.Shadow, environment.Shadow),
            .. asked.Shadow is { } shadow && environment.Shadow is { } least ? AtLeast("shadow.share", shadow.Share, least.Share) : [],
            .. environment.Canary.SelectMany(step => Missed(asked, step)),
            .. AtMost<TimeSpan>("watchEvery", asked.WatchEvery, environment.WatchEvery),
            .. Guards(asked.Guards, environment.Guards),
        ];

    private static IEnumerable<string> Missed(PromotionPlan asked, CanaryStep step)
    {
        string name = FormattableString.Invariant($"canary step of weight {step.Weight}");
        return asked.Canary.FirstOrDefault(other => other.Weight == step.Weight) is { } kept
            ? Shorter(name, kept, step)
            : [$"canary has no step of weight {FormattableString.Invariant($"{step.Weight}")}; the environment's plan has one."];
    }

    private static IEnumerable<string> Shorter(string name, WatchedStep? asked, WatchedStep? least) =>
        asked is null || least is null
            ? []
            : [.. AtLeast($"{name}.bake", asked.Bake, least.Bake), .. AtLeast($"{name}.minRequests", asked.MinRequests, least.MinRequests)];

    private static IEnumerable<string> Guards(GuardLimits asked, GuardLimits environment) =>
        [
            .. AtLeast("guards.falseAlarmRate", asked.FalseAlarmRate, environment.FalseAlarmRate),
            .. AtMost<double>("guards.errorMargin", asked.ErrorMargin, environment.ErrorMargin),
            .. AtMost<double>("guards.invalidMargin", asked.InvalidMargin, environment.InvalidMargin),
            .. AtMost<double>("guards.latencyRatio", asked.LatencyRatio, environment.LatencyRatio),
            .. AtMost<double>("guards.latencySlackMilliseconds", asked.LatencySlackMilliseconds, environment.LatencySlackMilliseconds),
            .. AtMost<double>("guards.maxDisagreement", asked.MaxDisagreement, environment.MaxDisagreement),
            .. AtLeast("guards.minCosine", asked.MinCosine, environment.MinCosine),
            .. AtMost<double>("guards.maxScoreShift", asked.MaxScoreShift, environment.MaxScoreShift),
            .. AtMost<double>("guards.feedbackMargin", asked.FeedbackMargin, environment.FeedbackMargin),
            .. AtMost<double>("guards.maxP95Milliseconds", asked.MaxP95Milliseconds, environment.MaxP95Milliseconds),
            .. AtMost<double>("guards.maxErrorShare", asked.MaxErrorShare, environment.MaxErrorShare),
            .. environment.MinGoodShare is { } good ? AtLeast("guards.minGoodShare", asked.MinGoodShare ?? 0, good) : [],
            .. Other("guards.goodOutcomeFrom", asked.GoodOutcomeFrom, environment.GoodOutcomeFrom),
        ];

    private static IEnumerable<string> Dropped(string name, bool asked, bool needed)
    {
        if (needed && !asked)
        {
            yield return $"{name} is waived; the environment's plan asks for it.";
        }
    }

    /// <summary>What says how both versions are measured: with a bar that neither clears, no difference between them would show.</summary>
    private static IEnumerable<string> Other(string name, double asked, double environment)
    {
        if (asked != environment)
        {
            yield return FormattableString.Invariant($"{name} is {asked}; the environment's plan measures by {environment}.");
        }
    }

    private static IEnumerable<string> AtLeast<T>(string name, T asked, T least)
        where T : IComparable<T>, IFormattable
    {
        if (asked.CompareTo(least) < 0)
        {
            yield return FormattableString.Invariant($"{name} is {asked}; the environment's plan asks for {least} or more.");
        }
    }

    private static IEnumerable<string> AtMost<T>(string name, T? asked, T? most)
        where T : struct, IComparable<T>, IFormattable
    {
        if (most is { } limit && (asked is not { } value || value.CompareTo(limit) > 0))
        {
            yield return FormattableString.Invariant(
                $"{name} is {(object?)asked ?? "switched off"}; the environment's plan allows up to {limit}."
            );
        }
    }
}
