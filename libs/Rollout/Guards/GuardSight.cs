using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// What the guardrails can see after so many requests, so that a step which can hardly see anything does not pass for a watch. Shares are
/// of the candidate's requests, beside a stable version without fault; null where not even a candidate that is wrong each time would
/// be told.
/// </summary>
/// <param name="Requests">Of the candidate.</param>
/// <param name="Failures">The smallest share of failed requests that turns the candidate back; null too where that guardrail is
/// off.</param>
/// <param name="Disagreement">The smallest share of other answers on mirrored requests.</param>
/// <param name="Blind">The quantiles of which nothing can be said, and of how many requests of the stable version they need.</param>
public sealed record GuardSight(long Requests, double? Failures, double? Disagreement, IReadOnlyList<(string Quantile, long Needed)> Blind)
{
    private const long MostLookedAt = 1 << 20;

    private static readonly (string Name, double P)[] Quantiles = [("p95", 0.95), ("p99", 0.99)];

    /// <param name="weight">The share of the callers that meet the candidate; those of the stable version are counted in
    /// proportion.</param>
    /// <param name="steps">Of the whole promotion, which share its error rate.</param>
    public static GuardSight OfCanary(GuardLimits limits, int steps, long requests, double weight)
    {
        Guardrails guardrails = new(limits, steps);
        long stable = (long)(requests * (1 - weight) / weight);
        return new GuardSight(
            requests,
            limits.ErrorMargin is { } margin
                ? Smallest(requests, guardrails.Threshold, bad =>
                    Guardrails.LogEvidence(new Rate(0, stable), new Rate(bad, requests), margin)
                )
                : null,
            Disagreement: null,
            limits.LatencyRatio is null || weight >= 1
                ? []
                : [.. Quantiles.Select(q => (q.Name, Needed: Needed(q.P, guardrails.Alpha / 2))).Where(q => q.Needed > stable)]
        );
    }

    public static GuardSight OfShadow(GuardLimits limits, int steps, long requests)
    {
        Guardrails guardrails = new(limits, steps);
        return new GuardSight(
            requests,
            limits.ErrorMargin is { } margin
                ? Smallest(requests, guardrails.Threshold, bad =>
                    Guardrails.LogEvidence(new Rate(0, requests), new Rate(bad, requests), margin)
                )
                : null,
            limits.MaxDisagreement is { } limit
                ? Smallest(requests, guardrails.Threshold, bad => RateTest.LogEvidence(new Rate(bad, requests), limit))
                : null,
            []
        );
    }

    /// <summary>One sentence for people who approve.</summary>
    public string Describe()
    {
        List<string> said = [Share("failures", Failures)];
        if (Disagreement is not null)
        {
            said.Add(Share("other answers", Disagreement));
        }
        said.AddRange(Blind.Select(q => $"{q.Quantile} not before {q.Needed} of the stable version's"));
        return $"{Requests} requests can show: {string.Join(", ", said)}.";
    }

    private static string Share(string what, double? share) =>
        share is { } from ? string.Create(CultureInfo.InvariantCulture, $"{what} from {from * 100:0.#} %") : $"no {what}";

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
