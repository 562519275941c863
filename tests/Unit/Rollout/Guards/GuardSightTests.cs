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
            "3 requests can show: no failures, p95 not before 245 of the stable version's, p99 not before 1332 of the stable version's.",
            GuardSight.OfCanary(Limits, Steps, 3, weight: 0.5).Describe()
        );
    }

    [Fact]
    public void OfShadow_SeesAnswersThatDiffer()
    {
        GuardSight few = GuardSight.OfShadow(Limits, Steps, 20),
            many = GuardSight.OfShadow(Limits, Steps, 2_000);

        Assert.InRange(many.Disagreement!.Value, Limits.MaxDisagreement!.Value, few.Disagreement!.Value);
        Assert.Contains("other answers from", few.Describe(), StringComparison.Ordinal);
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
