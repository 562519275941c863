using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>What is tested of the candidate alone, whatever the stable version does. A guardrail has the name of its limit.</summary>
public sealed partial class Guardrails
{
    private IEnumerable<GuardTest?> TestAbsolute(ArmTally canary)
    {
        if (limits.MaxErrorShare is { } errors)
        {
            yield return TestShare("maxErrorShare", "failed", errors, Of(canary.Failed, canary));
        }
        if (limits.MinGoodShare is { } good)
        {
            yield return TestShare("minGoodShare", "had a bad outcome", 1 - good, new(canary.BadOutcomes, canary.Outcomes));
        }
        if (limits.MaxP95Milliseconds is { } milliseconds)
        {
            yield return TestP95(canary.Latency, milliseconds);
        }
    }

    private GuardTest? TestShare(string guard, string what, double limit, Rate rate, string why = "")
    {
        if (rate.Total == 0)
        {
            return null;
        }
        double log = RateTest.LogEvidence(rate, limit);
        return new GuardTest(
            new GuardReading(guard, null, rate.Value, limit, Part(log, Threshold)),
            log >= Threshold,
            new GuardFinding(
                guard,
                $"{Share(rate)} of the candidate's {rate.Total} requests {what}; allowed is {Percent(limit)} of all.{why}",
                Math.Exp(-log)
            )
        );
    }

    private GuardTest? TestP95(LatencyHistogram latency, double limit)
    {
        if (latency.Total == 0)
        {
            return null;
        }
        double surely = QuantileSequence.LowerBound(latency, 0.95, Alpha);
        return new GuardTest(
            new GuardReading("maxP95Milliseconds", null, latency.Quantile(0.95), limit, surely / limit),
            surely > limit,
            new GuardFinding(
                "maxP95Milliseconds",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The candidate's p95 is above {surely:0} ms (after {latency.Total} requests); allowed are {limit:0.##} ms."
                ),
                Alpha
            )
        );
    }
}
