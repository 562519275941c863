using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

/// <summary>Times of few requests, and limits that hold whatever the stable version does.</summary>
public sealed class GuardLatencyTests
{
    private const int Steps = 5;

    /// <summary>A version of 1,400 ms against 16 ms was promoted after 41 requests: p95 is unknown of so few.</summary>
    [Theory]
    [InlineData(8, 20, true), InlineData(12, 29, true), InlineData(8, 600, true), InlineData(3, 600, false), InlineData(20, 8, true)]
    public void MuchSlower_IsFoundAfterFewRequests(int canary, int stable, bool found)
    {
        GuardVerdict verdict = new Guardrails(new GuardLimits(), Steps).Judge(Tally((stable, 16), (canary, 1_400)));

        Assert.Equal(found, verdict.Findings.Any(finding => finding.Guard == "latency"));
    }

    [Fact]
    public void MuchSlower_IsSaidInNumbers()
    {
        GuardFinding finding = Assert.Single(new Guardrails(new GuardLimits(), Steps).Judge(Tally((29, 16), (12, 1_400))).Findings);

        Assert.Matches(
            @"^The candidate is slower: half of its 12 requests took more than about 1\d{3} ms, of the stable version's 29 half took "
                + @"less than 1\d ms; allowed is 1\.25 times that and 10 ms\.$",
            finding.Message
        );
    }

    /// <summary>The first request of an instance that fills its caches is nobody's shift.</summary>
    [Fact]
    public void SlowExceptions_AreNotAShift()
    {
        GuardTally tally = Tally((2_000, 16), (100, 16));
        Add(tally.Canary, 6, 1_400);

        Assert.DoesNotContain(new Guardrails(new GuardLimits(), Steps).Judge(tally).Findings, finding => finding.Guard == "latency");
    }

    [Theory]
    [InlineData("maxP95Milliseconds", 5), InlineData("maxErrorShare", 6), InlineData("minGoodShare", 9)]
    public void AbsoluteLimits_HoldWithoutAnythingToCompareWith(string guard, int requests)
    {
        GuardLimits limits = new()
        {
            ErrorMargin = null,
            FeedbackMargin = null,
            LatencyRatio = null,
            MaxP95Milliseconds = guard == "maxP95Milliseconds" ? 500 : null,
            MaxErrorShare = guard == "maxErrorShare" ? 0.05 : null,
            MinGoodShare = guard == "minGoodShare" ? 0.8 : null,
        };

        Assert.Empty(Judge(2).Findings);
        Assert.Equal(guard, Assert.Single(Judge(requests).Findings).Guard);
        Assert.Equal(guard, Assert.Single(Judge(requests).Readings, reading => reading.Guard == guard).Guard);

        GuardVerdict Judge(int count)
        {
            GuardTally tally = new();
            for (int i = 0; i < count; i++)
            {
                tally.Canary.Add(new ArmObservation(guard == "maxErrorShare", Invalid: false, 1_400, Score: null));
                tally.Canary.AddOutcome(bad: guard == "minGoodShare");
            }
            return new Guardrails(limits, Steps).Judge(tally);
        }
    }

    [Theory]
    [InlineData(0.0, null, null, "guards.maxP95Milliseconds is 0; allowed is above 0.")]
    [InlineData(double.PositiveInfinity, null, null, "guards.maxP95Milliseconds is Infinity; allowed is above 0.")]
    [InlineData(null, 1.0, null, "guards.maxErrorShare is 1; allowed are 0 to below 1.")]
    [InlineData(null, null, 0.0, "guards.minGoodShare is 0; allowed is above 0, up to 1.")]
    [InlineData(null, null, 1.1, "guards.minGoodShare is 1.1; allowed is above 0, up to 1.")]
    [InlineData(500.0, 0.0, 1.0, null)]
    public void AbsoluteLimits_OutOfRange_AreNamed(double? p95, double? errors, double? good, string? problem)
    {
        GuardLimits limits = new()
        {
            MaxP95Milliseconds = p95,
            MaxErrorShare = errors,
            MinGoodShare = good,
        };

        Assert.Equal(problem, limits.Validate().SingleOrDefault());
    }

    private static GuardTally Tally((int Count, double Milliseconds) stable, (int Count, double Milliseconds) canary)
    {
        GuardTally tally = new();
        Add(tally.Stable, stable.Count, stable.Milliseconds);
        Add(tally.Canary, canary.Count, canary.Milliseconds);
        return tally;
    }

    private static void Add(ArmTally arm, int count, double milliseconds)
    {
        for (int i = 0; i < count; i++)
        {
            arm.Add(new ArmObservation(Failed: false, Invalid: false, milliseconds, Score: null));
        }
    }
}
