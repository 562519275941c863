using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

public sealed class GuardSightTests
{
    private const int Steps = 5;

    private static readonly GuardLimits Limits = new();

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(500)]
    public void OfCanary_NamesTheSmallestShareThatIsTurnedBack(int requests)
    {
        GuardSight sight = GuardSight.OfCanary(Limits, Steps, requests, weight: 0.5);
        int bad = (int)Math.Round(sight.Failures!.Value * requests);

        Assert.Contains(Judge(requests, bad), finding => finding.Guard == "errors");
        Assert.DoesNotContain(Judge(requests, bad - 1), finding => finding.Guard == "errors");
    }

    [Fact]
    public void OfCanary_WithTooFewRequests_SaysWhatItCannotSee()
    {
        Assert.Equal(
            "3 requests can show: no failures, no slower answers, no bad outcomes of 3 reports, "
                + "p95 not before 257 of the stable version's, p99 not before 1392 of the stable version's.",
            GuardSight.OfCanary(Limits, Steps, 3, weight: 0.5).Describe(Limits)
        );
    }

    /// <summary>What a step says that it can show is what turns a candidate back.</summary>
    [Theory]
    [InlineData(20, 0.5), InlineData(20, 1.0), InlineData(100, 0.1)]
    public void OfCanary_NamesTheSmallestShareThatIsTooSlow(int requests, double weight)
    {
        GuardSight sight = GuardSight.OfCanary(Limits, Steps, requests, weight);
        int slow = (int)Math.Round(sight.Slow!.Value * requests);
        GuardTally seen = new();
        for (int i = 0; i < requests; i++)
        {
            seen.Canary.Add(new ArmObservation(Failed: false, Invalid: false, i < slow ? 44 : 16, Score: null));
        }
        for (int i = 0; i < (weight < 1 ? requests * (1 - weight) / weight : requests); i++)
        {
            seen.Stable.Add(new ArmObservation(Failed: false, Invalid: false, 16, Score: null));
        }

        Assert.Contains(new Guardrails(Limits, Steps).Judge(seen).Findings, finding => finding.Guard == "latency");
    }

    [Fact]
    public void OfCanary_AfterwardsCountsTheReportsThatCame()
    {
        GuardTally seen = new();
        for (int i = 0; i < 200; i++)
        {
            seen.Canary.Add(new ArmObservation(Failed: false, Invalid: false, 16, Score: null));
        }
        seen.Canary.AddOutcome(bad: false);

        Assert.Contains(
            "no bad outcomes of 1 reports",
            GuardSight.OfCanary(Limits, Steps, seen).Describe(Limits),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OfShadow_SeesAnswersThatDiffer()
    {
        GuardSight few = GuardSight.OfShadow(Limits, Steps, 20),
            many = GuardSight.OfShadow(Limits, Steps, 2_000);

        Assert.InRange(many.Disagreement!.Value, Limits.MaxDisagreement!.Value, few.Disagreement!.Value);
        Assert.Contains("other answers from", few.Describe(Limits), StringComparison.Ordinal);
    }

    private static IReadOnlyList<GuardFinding> Judge(int requests, int bad)
    {
        GuardTally seen = new();
        for (int i = 0; i < requests; i++)
        {
            seen.Stable.Add(new ArmObservation(Failed: false, Invalid: false, Milliseconds: null, Score: null));
            seen.Canary.Add(new ArmObservation(Failed: i < bad, Invalid: false, Milliseconds: null, Score: null));
        }
        return new Guardrails(Limits, Steps).Judge(seen).Findings;
    }
}
