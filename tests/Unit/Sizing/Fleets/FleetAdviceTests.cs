using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Fleets;
using Xunit;

namespace Serverless.Unit.Sizing.Fleets;

public sealed class FleetAdviceTests
{
    private static readonly FleetPlan Plan = new(1, TimeSpan.FromSeconds(60), 0, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, 1);

    /// <summary>Four jobs of 100 s at once: with two replicas the last two wait for a replica and a job, with four for a replica.</summary>
    [Theory]
    [InlineData(400, 1)]
    [InlineData(175, 2)]
    [InlineData(75, 4)]
    public void Find_GivesTheFewestReplicas_ThatKeepTheObjective(int objective, int expected)
    {
        FleetAdvice advice = Find(TimeSpan.FromSeconds(objective), bound: 8);

        Assert.Equal(expected, advice.Most);
        Assert.True(advice.Result!.P95Wait <= objective);
    }

    [Fact]
    public void Find_ObjectiveBelowTheColdStart_IsKeptByNone() => Assert.Null(Find(TimeSpan.FromSeconds(30), bound: 8).Most);

    private static FleetAdvice Find(TimeSpan objective, int bound) =>
        FleetAdvice.Find(
            _ => new ArrivalTrace([5, 5, 5, 5], TimeSpan.FromHours(1)),
            ServiceTimes.Fixed(TimeSpan.FromSeconds(100)),
            Plan,
            new TargetBacklog(1),
            objective,
            [TimeSpan.Zero, TimeSpan.FromMinutes(5)],
            bound,
            [1, 2]
        );
}
