using Serverless.Sizing;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Fleets;
using Xunit;

namespace Serverless.Unit.Sizing.Fleets;

public sealed class FleetAdviceTests
{
    private static readonly FleetPlan Plan = new(1, TimeSpan.FromSeconds(60), 0, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, 1);

    private static readonly FleetAssumptions Assumptions = new(
        "made up",
        new DateOnly(2026, 1, 1),
        "small",
        JobsAtOnce: 2,
        "exponential",
        ServiceSeconds: 60,
        ColdStartSeconds: 60,
        LookEverySeconds: 30,
        ScaleInAfterSeconds: 300,
        Headroom: 1,
        P95WaitSeconds: 120,
        [new EnvironmentDemand("dev", 50, 1.5, 12, 1), new EnvironmentDemand("prod", 8_000, 1.5, 12, 1)],
        [new BacklogStep(1, 1)],
        [new HourEntry(0, 1)]
    );

    /// <summary>Four jobs of 100 s at once: with two replicas the last two wait for a replica and a job, with four for a replica.</summary>
    [Theory]
    [InlineData(400, 1)]
    [InlineData(175, 2)]
    [InlineData(75, 4)]
    public void Find_GivesTheFewestReplicas_ThatKeepTheObjective(int objective, int expected)
    {
        FleetAdvice advice = Find(objective);

        Assert.Equal(expected, advice.Most);
        Assert.All(advice.Days, day => Assert.True(day.P95Wait <= objective));
    }

    [Fact]
    public void Find_ObjectiveBelowTheColdStart_IsKeptByNone() => Assert.Null(Find(objective: 30).Most);

    [Fact]
    public void Advise_MoreJobs_NeedMoreReplicas_AndOneFewerDoesNotDo()
    {
        int dev = Assumptions.Advise("dev").Most!.Value,
            prod = Assumptions.Advise("prod").Most!.Value;

        FleetResult fewer = FleetSimulation.Run(
            ArrivalTrace.Of(FleetAssumptions.ShapeOf(Assumptions.DemandOf("prod")), 1),
            Assumptions.MakeServiceTimes(),
            Assumptions.PlanOf(prod - 2, 1),
            Assumptions.MakePolicies()[0],
            seed: 1
        );
        Assert.Equal(1, dev);
        Assert.InRange(prod, 4, 8); // 8,000 jobs of a minute at 1.5 × the mean keep 8.3 of its slots busy
        Assert.True(fewer.P95Wait > 120);
    }

    [Fact]
    public void Advise_HeadroomAndAFloor_RaiseTheNumber()
    {
        int plain = Assumptions.Advise("prod").Most!.Value;

        Assert.True((Assumptions with { Headroom = 2 }).Advise("prod").Most > plain);
        Assert.Equal(9, (Assumptions with { Environments = [Assumptions.DemandOf("dev") with { AtLeast = 9 }] }).Advise("dev").Most);
    }

    [Fact]
    public void AssumptionsThatCannotBe_AreNamed()
    {
        Assert.Throws<SizingInputException>(() => (Assumptions with { Headroom = 0.5 }).Check("sizing.json"));
        Assert.Equal(
            "sizing.json: serviceSeconds is NaN; expected is above 0 and up to 86400.",
            Assert.Throws<SizingInputException>(() => (Assumptions with { ServiceSeconds = double.NaN }).Check("sizing.json")).Message
        );
        Assert.Throws<SizingInputException>(() => (Assumptions with { Service = "usual" }).Check("sizing.json"));
        Assert.Throws<SizingInputException>(() => (Assumptions with { Environments = [] }).Check("sizing.json"));
        Assert.Throws<SizingInputException>(() => (Assumptions with { JobsAtOnce = 0 }).Check("sizing.json"));
        Assert.Throws<SizingInputException>(() =>
            (Assumptions with { Environments = [new EnvironmentDemand("dev", -1, 1, 1, 1)] }).Check("sizing.json")
        );
        Assert.Equal(
            "The environment is 'test'; the assumptions have dev, prod.",
            Assert.Throws<SizingInputException>(() => Assumptions.Advise("test")).Message
        );
    }

    private static FleetAdvice Find(int objective) =>
        FleetAdvice.Find(
            _ => new ArrivalTrace([5, 5, 5, 5], TimeSpan.FromHours(1)),
            ServiceTimes.Fixed(TimeSpan.FromSeconds(100)),
            Plan,
            new TargetBacklog(1),
            TimeSpan.FromSeconds(objective),
            bound: 8,
            seeds: [1, 2]
        );
}
