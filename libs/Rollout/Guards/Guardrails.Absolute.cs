using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>What is tested of the candidate alone, whatever the stable version does. A guardrail has the name of its limit.</summary>
public sealed partial class Guardrails
{
    private IEnumerable<GuardTest?> TestAbsolute(GuardTally seen)
    {
        if (limits.MaxErrorShare is { } errors)
        {
            yield return WithLate(seen, (_, canary, threshold) =>
                TestShare("maxErrorShare", "failed", errors, FailedOf(canary), threshold)
            );
        }
        if (limits.MinGoodShare is { } good)
        {
            yield return WithLate(seen, (_, canary, threshold) =>
                TestShare("minGoodShare", "had a bad outcome", 1 - good, BadOf(canary), threshold)
            );
        }
        if (limits.MaxP95Milliseconds is { } milliseconds)
        {
            yield return WithLate(seen, (_, canary, threshold) => TestP95(canary.Latency, milliseconds, threshold));
        }
    }

    private static GuardTest? TestShare(string guard, string what, double limit, Rate rate, double threshold, string why = "")
    {
        if (rate.Total == 0)
        {
            return null;
        }
        double log = RateTest.LogEvidence(rate, limit);
        return new GuardTest(
            new GuardReading(guard, null, rate.Value, limit, Part(log, threshold)),
            log >= threshold,
            new GuardFinding(
                guard,
                $"{Share(rate)} of the candidate's {rate.Total} requests {what}; allowed is {Percent(limit)} of all.{why}",
                Math.Exp(-log)
            )
        );
    }

    private static GuardTest? TestP95(LatencyHistogram latency, double limit, double threshold)
    {
        if (latency.Total == 0)
        {
            return null;
        }
        double alpha = Math.Exp(-threshold),
            surely = QuantileSequence.LowerBound(latency, 0.95, alpha);
        return new GuardTest(
            new GuardReading("maxP95Milliseconds", null, latency.Quantile(0.95), limit, surely / limit),
            surely > limit,
            new GuardFinding(
                "maxP95Milliseconds",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's p95 is above {surely:0} ms (after {latency.Total} requests); allowed are {limit:0.##} ms."
                ),
                alpha
            )
        );
    }
}
