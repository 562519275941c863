using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// What the guardrails can see after so many requests, so that a step which can hardly see anything does not pass for a watch. Shares are
/// of the candidate's requests, beside a stable version without fault; null where not even a candidate that is wrong each time would
/// be told, and where the guardrail is off.
/// </summary>
/// <param name="Requests">Of the candidate.</param>
/// <param name="Failures">The smallest share of failed requests that turns the candidate back.</param>
/// <param name="Slow">The smallest share of requests that take longer than all that is allowed.</param>
/// <param name="Wrong">The smallest share of bad outcomes among <paramref name="Reports"/>.</param>
/// <param name="Disagreement">The smallest share of other answers on mirrored requests.</param>
/// <param name="Blind">The quantiles of which nothing can be said, and of how many requests of the stable version they need.</param>
public sealed record GuardSight(
    long Requests,
    double? Failures,
    double? Slow,
    double? Wrong,
    long Reports,
    double? Disagreement,
    IReadOnlyList<(string Quantile, long Needed)> Blind
)
{
    private const long MostLookedAt = 1 << 20;

    private static readonly (string Name, double P)[] Quantiles = [("p95", 0.95), ("p99", 0.99)];

    /// <param name="weight">The share of the callers that meet the candidate; those of the stable version are counted in
    /// proportion, and where all meet the candidate as many of its past.</param>
    /// <param name="steps">Of the whole promotion, which share its error rate.</param>
    public static GuardSight OfCanary(GuardLimits limits, int steps, long requests, double weight)
    {
        long stable = weight < 1 ? (long)(requests * (1 - weight) / weight) : requests;
        return Of(limits, steps, (requests, stable), (requests, stable));
    }

    /// <summary>After what was seen: of both versions, and as many outcomes as were reported.</summary>
    public static GuardSight OfCanary(GuardLimits limits, int steps, GuardTally seen) =>
        Of(limits, steps, (seen.Canary.Requests, seen.Stable.Requests), (seen.Canary.Outcomes, seen.Stable.Outcomes));

    public static GuardSight OfShadow(GuardLimits limits, int steps, long requests)
    {
        Guardrails guardrails = new(limits, steps);
        return new GuardSight(
            requests,
            SmallestBeyond(limits.ErrorMargin, guardrails, (requests, requests), Guardrails.Mostly),
            Slow: null,
            Wrong: null,
            Reports: 0,
            limits.MaxDisagreement is { } limit
                ? Smallest(requests, guardrails.Threshold, bad => RateTest.LogEvidence(new Rate(bad, requests), limit))
                : null,
            []
        );
    }

    /// <summary>One sentence for people who approve.</summary>
    public string Describe(GuardLimits limits)
    {
        List<string> said = [];
        Say(said, limits.ErrorMargin, "failures", Failures);
        if (Disagreement is not null)
        {
            Say(said, limits.MaxDisagreement, "other answers", Disagreement);
        }
        else
        {
            Say(said, limits.LatencyRatio, "slower answers", Slow);
            Say(said, limits.FeedbackMargin, "bad outcomes", Wrong, $" of {Reports} reports");
        }
        said.AddRange(Blind.Select(q => $"{q.Quantile} not before {q.Needed} of the stable version's"));
        return $"{Requests} requests can show: {string.Join(", ", said)}.";
    }

    private static GuardSight Of(GuardLimits limits, int steps, (long Canary, long Stable) requests, (long Canary, long Stable) reports)
    {
        Guardrails guardrails = new(limits, steps);
        return new GuardSight(
            requests.Canary,
            SmallestBeyond(limits.ErrorMargin, guardrails, requests, Guardrails.Mostly),
            limits.LatencyRatio is null || requests.Stable == 0
                ? null
                : Smallest(requests.Canary, guardrails.Threshold, slow =>
                    ShiftTest.LogEvidence(new Rate(0, requests.Stable), new Rate(slow, requests.Canary), Guardrails.SlowExceptions)
                ),
            SmallestBeyond(limits.FeedbackMargin, guardrails, reports, Guardrails.Always),
            reports.Canary,
            Disagreement: null,
            limits.LatencyRatio is null
                ? []
                : [.. Quantiles.Select(q => (q.Name, Needed: Needed(q.P, guardrails.Alpha / 2))).Where(q => q.Needed > requests.Stable)]
        );
    }

    private static void Say(List<string> said, double? limit, string what, double? share, string of = "")
    {
        if (limit is not null)
        {
            said.Add(
                share is { } from ? string.Create(CultureInfo.InvariantCulture, $"{what} from {from * 100:0.#} %{of}") : $"no {what}{of}"
            );
        }
    }

    private static double? SmallestBeyond(double? margin, Guardrails guardrails, (long Canary, long Stable) seen, double alone) =>
        margin is { } allowed
            ? Smallest(seen.Canary, guardrails.Threshold, bad =>
                Guardrails.LogEvidence(new Rate(0, seen.Stable), new Rate(bad, seen.Canary), allowed, Math.Max(allowed, alone))
            )
            : null;

    /// <summary>The evidence grows with the number of bad ones.</summary>
    private static double? Smallest(long requests, double threshold, Func<long, double> evidence) =>
        requests > 0 && evidence(requests) >= threshold ? (double)First(requests, bad => evidence(bad) >= threshold) / requests : null;

    /// <summary>So many values give the quantile an upper bound, as <see cref="QuantileSequence.UpperBound"/> needs it.</summary>
    private static long Needed(double p, double alpha) =>
        First(MostLookedAt, total => RateTest.LogEvidence(new Rate(total, total), p) >= Math.Log(1 / alpha));

    /// <summary>The first number above 0 for which it holds, as for all that follow; the last where it holds for none before.</summary>
    private static long First(long last, Func<long, bool> holds)
    {
        (long low, long high) = (0, last);
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }
        return high;
    }
}
