using Serverless.Sizing;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Fleets;
using Xunit;

namespace Serverless.Unit.Sizing.Fleets;

public sealed class FleetSimulationTests
{
    private static readonly FleetPlan Fixed = new(
        Slots: 1,
        ColdStart: TimeSpan.Zero,
        Least: 1,
        Most: 1,
        LookEvery: TimeSpan.FromMinutes(10),
        ScaleInAfter: TimeSpan.Zero,
        PerHour: 1
    );

    /// <summary>Erlang's formula for the mean wait in M/M/c, with c replicas of one slot and one of c slots.</summary>
    [Theory]
    [InlineData(1, 1, 0.5)]
    [InlineData(1, 1, 0.8)]
    [InlineData(3, 1, 0.7)]
    [InlineData(1, 4, 0.85)]
    [InlineData(2, 4, 0.9)]
    public void MeanWait_OfPoissonArrivalsAndExponentialTimes_IsErlangs(int replicas, int slots, double load)
    {
        int servers = replicas * slots;
        double rate = load * servers; // each server does one a second
        double expected = ErlangC(servers, load) / (servers * (1 - load));
        ServiceTimes service = ServiceTimes.Exponential(TimeSpan.FromSeconds(1));

        double found = MeanOverSeeds(rate, service, Fixed with { Least = replicas, Most = replicas, Slots = slots });

        Assert.InRange(found, expected * 0.95, expected * 1.05);
    }

    /// <summary>Pollaczek and Khinchine: half the wait of M/M/1.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void MeanWait_OfFixedTimes_IsHalfThatOfExponentialOnes(double load)
    {
        double expected = load / (2 * (1 - load));

        double found = MeanOverSeeds(load, ServiceTimes.Fixed(TimeSpan.FromSeconds(1)), Fixed);

        Assert.InRange(found, expected * 0.95, expected * 1.05);
    }

    [Fact]
    public void ASmallCase_IsExact()
    {
        ArrivalTrace trace = new([0, 1, 2], TimeSpan.FromSeconds(10));

        FleetResult result = FleetSimulation.Run(trace, ServiceTimes.Fixed(TimeSpan.FromSeconds(4)), Fixed, new TargetBacklog(1), seed: 1);

        Assert.Equal((3, 0, 3 + 6, 6.0), (result.Jobs, result.Unfinished, (int)(result.MeanWait * 3), result.LongestWait));
        Assert.Equal((2, 1, 0), (result.MostWaiting, result.MostReplicas, result.Starts));
        Assert.Equal(12.0 / 3600, result.ReplicaHours, 1e-12);
        Assert.Equal(1, result.Busy, 1e-12);
    }

    /// <summary>From zero: the scaler sees the jobs at 10 s, the replica takes them 30 s later, and goes 60 s after the last.</summary>
    [Fact]
    public void AColdStart_KeepsJobsWaiting_AndIsPaidFor()
    {
        ArrivalTrace trace = new([5, 5], TimeSpan.FromSeconds(200));
        FleetPlan plan = new(2, TimeSpan.FromSeconds(30), 0, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), PerHour: 3600);

        FleetResult result = FleetSimulation.Run(trace, ServiceTimes.Fixed(TimeSpan.FromSeconds(20)), plan, new TargetBacklog(2), seed: 1);

        // Asked for at 10, ready at 40, done at 60, last wanted by the look at 50 or, since jobs end before looks, not at 60; gone at 120.
        Assert.Equal((35.0, 35.0, 1, 1), (result.MeanWait, result.LongestWait, result.Starts, result.MostReplicas));
        Assert.Equal(110, result.Cost, 1e-9);
    }

    [Fact]
    public void AReplicaThatIsToGo_FinishesWhatItHas()
    {
        ArrivalTrace trace = new([0], TimeSpan.FromSeconds(100));
        FleetPlan plan = Fixed with { Least = 0, LookEvery = TimeSpan.FromSeconds(10) };
        Schedule off = new([(0, 1), (10.0 / 3600, 0)]);

        FleetResult result = FleetSimulation.Run(trace, ServiceTimes.Fixed(TimeSpan.FromSeconds(35)), plan, off, seed: 1);

        Assert.Equal((1, 0), (result.Jobs, result.Unfinished));
        Assert.Equal(35.0 / 3600, result.ReplicaHours, 1e-12);
    }

    /// <summary>A trace that starts at 10 o'clock finds the replicas that the schedule has then, not those of midnight.</summary>
    [Fact]
    public void ASchedule_GoesByTheTimeOfDayOfTheTrace()
    {
        ArrivalTrace trace = new([0], TimeSpan.FromSeconds(100)) { Starts = TimeSpan.FromHours(10) };
        Schedule day = new([(0, 0), (8, 3), (20, 0)]);

        FleetResult result = FleetSimulation.Run(
            trace,
            ServiceTimes.Fixed(TimeSpan.FromSeconds(1)),
            Fixed with
            {
                Least = 0,
                Most = 3,
            },
            day,
            seed: 1
        );

        Assert.Equal((0, 3), (result.Unfinished, result.MostReplicas));
    }

    [Fact]
    public void JobsForWhichNoReplicaComes_AreUnfinished_AndTheRunEnds()
    {
        ArrivalTrace trace = new([0, 1], TimeSpan.FromSeconds(10));

        FleetResult result = FleetSimulation.Run(
            trace,
            ServiceTimes.Fixed(TimeSpan.FromSeconds(1)),
            Fixed with
            {
                Least = 0,
            },
            new Schedule([(0, 0)]),
            seed: 1
        );

        Assert.Equal((2, 2, 0.0), (result.Jobs, result.Unfinished, result.Cost));
    }

    [Fact]
    public void TheSameSeed_GivesTheSame()
    {
        FleetResult First() =>
            FleetSimulation.Run(
                ArrivalTrace.Of(new DayCurve(500, 1.7, 13).Shape(), 4),
                ServiceTimes.Exponential(TimeSpan.FromMinutes(2)),
                new FleetPlan(4, TimeSpan.FromMinutes(3), 0, 5, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), 0.5),
                new TargetBacklog(4),
                seed: 9
            );

        Assert.Equivalent(First(), First(), strict: true);
    }

    [Fact]
    public void Policies_WantWhatTheyShould()
    {
        StepScaling steps = new([(0, -1), (4, 0), (8, 1), (40, 4)]);
        Schedule schedule = new([(8, 5), (20, 1)]);

        Assert.Equal([0, 1, 1, 2], new[] { 0, 1, 4, 5 }.Select(backlog => new TargetBacklog(4).Wanted(new FleetLook(0, backlog, 0))));
        Assert.Equal([2, 3, 4, 7], new[] { 3, 4, 8, 99 }.Select(backlog => steps.Wanted(new FleetLook(0, backlog, 3))));
        Assert.Equal([1, 5, 1, 1], new[] { 7.9, 8, 20, 25 }.Select(hour => schedule.Wanted(new FleetLook(hour * 3600, 0, 3))));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 0, 0)]
    public void AFleetThatCannotBe_IsRefused(int slots, int least, int most)
    {
        Assert.Throws<SizingInputException>(() => (Fixed with { Slots = slots, Least = least, Most = most }).Check());
    }

    [Fact]
    public void AServiceTimeThatCannotBe_IsRefused()
    {
        Assert.Throws<SizingInputException>(() => ServiceTimes.Measured([]));
        Assert.Throws<SizingInputException>(() => ServiceTimes.Measured([1, double.NaN]));
        Assert.Throws<SizingInputException>(() => ServiceTimes.Fixed(TimeSpan.Zero));
    }

    /// <summary>Many runs: waits within one depend on each other.</summary>
    private static double MeanOverSeeds(double rate, ServiceTimes service, FleetPlan plan) =>
        Enumerable
            .Range(1, 24)
            .Average(seed =>
                FleetSimulation
                    .Run(
                        ArrivalTrace.Of(RateShape.Constant(rate, TimeSpan.FromSeconds(20_000 / rate)), seed),
                        service,
                        plan,
                        new TargetBacklog(1),
                        seed
                    )
                    .MeanWait
            );

    private static double ErlangC(int servers, double load)
    {
        double a = load * servers,
            term = 1,
            sum = 0;
        for (int k = 0; k < servers; k++)
        {
            sum += term;
            term *= a / (k + 1);
        }
        double waiting = term / (1 - load);
        return waiting / (sum + waiting);
    }
}
