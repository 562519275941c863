using Serverless.Sizing.Arrivals;

namespace Serverless.Sizing.Fleets;

/// <summary>What an environment is to work on in a day.</summary>
/// <param name="PeakToMean">The busiest moment over the mean, 1 to 2.</param>
/// <param name="PeakHour">0 to 24.</param>
/// <param name="AtLeast">Replicas at most are no fewer than this, whatever the jobs need.</param>
public sealed record EnvironmentDemand(string Name, double JobsPerDay, double PeakToMean, double PeakHour, int AtLeast);

/// <summary>A change of the number of replicas from a backlog on.</summary>
public sealed record BacklogStep(int From, int Change);

/// <summary>A number of replicas from an hour on.</summary>
public sealed record HourEntry(double Hour, int Replicas);

/// <summary>What the numbers of a fleet are made from: facts and guesses that whoever knows better edits.</summary>
/// <param name="Basis">How they are known, in a sentence.</param>
/// <param name="Instance">Of a replica, by its name in the price list.</param>
/// <param name="JobsAtOnce">That one replica works on; also the backlog for which the scaler wants one.</param>
/// <param name="Service">"fixed" or "exponential" around <paramref name="ServiceSeconds"/>.</param>
/// <param name="ServiceSeconds">Of one job in the mean, beside the others of its replica.</param>
/// <param name="Headroom">How many times the jobs of a day the numbers are to bear, 1 to 10.</param>
/// <param name="P95WaitSeconds">In which 95 of 100 jobs are to begin.</param>
public sealed record FleetAssumptions(
    string Basis,
    DateOnly Date,
    string Instance,
    int JobsAtOnce,
    string Service,
    double ServiceSeconds,
    double ColdStartSeconds,
    double LookEverySeconds,
    double ScaleInAfterSeconds,
    double Headroom,
    double P95WaitSeconds,
    IReadOnlyList<EnvironmentDemand> Environments,
    IReadOnlyList<BacklogStep> Steps,
    IReadOnlyList<HourEntry> Schedule
)
{
    private const int MostReplicas = 64;
    private static readonly int[] Seeds = [1, 2, 3];

    public ServiceTimes MakeServiceTimes() =>
        Service switch
        {
            "fixed" => ServiceTimes.Fixed(TimeSpan.FromSeconds(ServiceSeconds)),
            "exponential" => ServiceTimes.Exponential(TimeSpan.FromSeconds(ServiceSeconds)),
            _ => throw new SizingInputException($"The service is '{Service}'; expected is fixed or exponential."),
        };

    /// <exception cref="SizingInputException">A number cannot be.</exception>
    public void Check(string place)
    {
        foreach ((string what, double number) in Numbers())
        {
            if (!(double.IsFinite(number) && number > 0 && number <= 86_400))
            {
                throw new SizingInputException($"{place}: {what} is {number}; expected is above 0 and up to 86400.");
            }
        }
        if (Environments.Count == 0 || Steps.Count == 0 || Schedule.Count == 0)
        {
            throw new SizingInputException($"{place}: environments, steps or schedule is empty; expected is at least one of each.");
        }
        if (!(Headroom is >= 1 and <= 10) || Environments.Any(demand => demand.AtLeast is < 1 or > MostReplicas))
        {
            throw new SizingInputException(
                $"{place}: headroom or atLeast cannot be; expected is a headroom of 1 to 10, and 1 to {MostReplicas} replicas."
            );
        }
        _ = MakeServiceTimes();
        PlanOf(1, 0).Check();
        foreach (EnvironmentDemand demand in Environments)
        {
            _ = ShapeOf(demand);
        }
    }

    /// <exception cref="SizingInputException">There is none of that name.</exception>
    public EnvironmentDemand DemandOf(string environment) =>
        Environments.FirstOrDefault(demand => demand.Name == environment)
        ?? throw new SizingInputException(
            $"The environment is '{environment}'; the assumptions have {string.Join(", ", Environments.Select(demand => demand.Name))}."
        );

    public static RateShape ShapeOf(EnvironmentDemand demand) =>
        new DayCurve(demand.JobsPerDay, demand.PeakToMean, demand.PeakHour).Shape();

    public FleetPlan PlanOf(int most, double perHour) =>
        new(
            JobsAtOnce,
            TimeSpan.FromSeconds(ColdStartSeconds),
            Least: 0,
            most,
            TimeSpan.FromSeconds(LookEverySeconds),
            TimeSpan.FromSeconds(ScaleInAfterSeconds),
            perHour
        );

    /// <summary>The fewest replicas at most with which the wait is kept, and the days it was tried on.</summary>
    public FleetAdvice Advise(string environment)
    {
        EnvironmentDemand demand = DemandOf(environment);
        RateShape shape = ShapeOf(demand with { JobsPerDay = demand.JobsPerDay * Headroom });
        FleetAdvice advice = FleetAdvice.Find(
            seed => ArrivalTrace.Of(shape, seed),
            MakeServiceTimes(),
            PlanOf(1, 0),
            new TargetBacklog(JobsAtOnce),
            TimeSpan.FromSeconds(P95WaitSeconds),
            MostReplicas,
            Seeds
        );
        return advice.Most < demand.AtLeast ? advice with { Most = demand.AtLeast } : advice;
    }

    /// <summary>The three ways to scale that are compared.</summary>
    public IReadOnlyList<IScalingPolicy> MakePolicies() =>
        [
            new TargetBacklog(JobsAtOnce),
            new StepScaling([.. Steps.Select(step => (step.From, step.Change))]),
            new Schedule([.. Schedule.Select(entry => (entry.Hour, entry.Replicas))]),
        ];

    private IEnumerable<(string What, double Number)> Numbers() =>
        [
            ("serviceSeconds", ServiceSeconds),
            ("coldStartSeconds", ColdStartSeconds),
            ("lookEverySeconds", LookEverySeconds),
            ("scaleInAfterSeconds", ScaleInAfterSeconds),
            ("p95WaitSeconds", P95WaitSeconds),
        ];
}
