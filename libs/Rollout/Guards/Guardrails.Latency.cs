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
    private GuardTest? TestShift(ArmTally stable, ArmTally canary, double threshold)
    {
        if (limits.LatencyRatio is not { } ratio || stable.Latency.Total == 0 || canary.Latency.Total == 0)
        {
            return null;
        }
        double log = ShiftEvidence(stable.Latency, canary.Latency);
        (double usual, double median) = (stable.Latency.Quantile(0.5), canary.Latency.Quantile(0.5));
        return new GuardTest(
            new GuardReading("latency", usual, median, (ratio * usual) + limits.LatencySlackMilliseconds, Part(log, threshold)),
            log >= threshold,
            new GuardFinding(
                "latency",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate is slower: half of its {canary.Latency.Total} requests took more than about {median:0} ms, of the "
                        + $"stable version's {stable.Latency.Total} half took less than {usual:0} ms; allowed is {ratio:0.##} times that "
                        + $"and {limits.LatencySlackMilliseconds:0} ms."
                ),
                Math.Exp(-log)
            )
        );
    }

    private GuardTest? TestQuantile(string guard, double p, ArmTally stable, ArmTally canary, double threshold)
    {
        if (limits.LatencyRatio is not { } ratio || canary.Latency.Total == 0)
        {
            return null;
        }
        double alpha = Math.Exp(-threshold),
            surely = QuantileSequence.LowerBound(canary.Latency, p, alpha / 2),
            usual = QuantileSequence.UpperBound(stable.Latency, p, alpha / 2),
            allowed = (ratio * usual) + limits.LatencySlackMilliseconds;
        double? measured = stable.Latency.Total == 0 ? null : stable.Latency.Quantile(p);
        return new GuardTest(
            // What the candidate surely needs, of what the stable version surely allows: above 1 it is broken.
            new GuardReading(
                guard,
                measured,
                canary.Latency.Quantile(p),
                (ratio * measured) + limits.LatencySlackMilliseconds,
                surely / allowed
            ),
            surely > allowed,
            new GuardFinding(
                guard,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's p{p * 100:0} is above {surely:0} ms (after {canary.Latency.Total} requests), the "
                        + $"stable version's below {usual:0} ms (after {stable.Latency.Total}); allowed is {ratio:0.##} times "
                        + $"that and {limits.LatencySlackMilliseconds:0} ms."
                ),
                alpha
            )
        );
    }
}
