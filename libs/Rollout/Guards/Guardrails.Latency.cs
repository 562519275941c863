using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>What is tested of times.</summary>
public sealed partial class Guardrails
{
    /// <summary>
    /// As many of the candidate's requests may take longer than is allowed before all of its times count as shifted: those that find a
    /// cold cache, which p95 and p99 hold to account once there are enough.
    /// </summary>
    internal const double SlowExceptions = 0.05;

    internal double ShiftEvidence(LatencyHistogram stable, LatencyHistogram canary) =>
        ShiftTest.LogEvidence(stable, canary, limits.LatencyRatio ?? 1, limits.LatencySlackMilliseconds, SlowExceptions);

    /// <summary>Of all times at once: says of a few requests whether they are much slower, long before a high quantile is known.</summary>
    private GuardTest? TestShift(LatencyHistogram stable, LatencyHistogram canary, double threshold)
    {
        if (limits.LatencyRatio is not { } ratio || stable.Total == 0 || canary.Total == 0)
        {
            return null;
        }
        double log = ShiftEvidence(stable, canary);
        (double usual, double median) = (stable.Quantile(0.5), canary.Quantile(0.5));
        return new GuardTest(
            new GuardReading("latency", usual, median, (ratio * usual) + limits.LatencySlackMilliseconds, Part(log, threshold)),
            log >= threshold,
            new GuardFinding(
                "latency",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate is slower: half of its {canary.Total} requests took more than about {median:0} ms, of the stable "
                        + $"version's {stable.Total} half took less than {usual:0} ms; allowed is {ratio:0.##} times that and "
                        + $"{limits.LatencySlackMilliseconds:0} ms."
                ),
                Math.Exp(-log)
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
}
