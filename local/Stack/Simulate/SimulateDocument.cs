using System.Text.Json;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Fleets;

namespace Serverless.Local.Stack.Simulate;

/// <summary>What infra/ has for an environment, beside what the assumptions need.</summary>
/// <param name="Needed">Null where no number of replicas keeps the objective.</param>
internal sealed record FleetComparison(string Environment, double JobsPerDay, int? Needed, IReadOnlyList<CommittedFleet> Committed)
{
    public bool IsEqual => Committed.All(fleet => fleet.Most == Needed);
}

/// <summary>What a day of a fleet is like under several policies; written as JSON and as a page.</summary>
internal sealed record SimulateDocument(
    string Environment,
    string Trace,
    DateTimeOffset At,
    FleetAssumptions Assumptions,
    FleetPlan Fleet,
    string Currency,
    IReadOnlyList<FleetResult> Results,
    IReadOnlyList<FleetComparison> Comparisons
)
{
    private static readonly string[] Styles = ["one", "two", "three"];

    public bool IsGood => Comparisons.All(comparison => comparison.IsEqual);

    public string Verdict =>
        IsGood ? "The numbers of infra/ are those that the assumptions need." : string.Join(" ", Comparisons.SelectMany(Differences));

    public string ToJson() => JsonSerializer.Serialize(this, ReportFiles.Json) + "\n";

    public string ToPage()
    {
        PageWriter page = new($"Scaling of gpu-batch in {Environment}");
        page.Verdict(IsGood, Verdict)
            .Facts(
                ("Jobs", Trace),
                (
                    "A job",
                    Say($"{Assumptions.Service}, {Assumptions.ServiceSeconds:0.##} s in the mean; {Fleet.Slots} at once on a replica")
                ),
                (
                    "Fleet",
                    Say($"{Fleet.Least} to {Fleet.Most} × {Assumptions.Instance}, there after {Durations.Say(Fleet.ColdStart)}; a look ")
                        + $"every {Durations.Say(Fleet.LookEvery)} and keeps what it wanted for {Durations.Say(Fleet.ScaleInAfter)}"
                ),
                ("Objective", Say($"95 of 100 jobs begin within {Assumptions.P95WaitSeconds:0} s")),
                ("Basis", Assumptions.Basis)
            )
            .Heading("Policies")
            .Table(
                1,
                [
                    "Policy",
                    "Jobs",
                    "Mean wait, s",
                    "p95 wait, s",
                    "Longest, s",
                    "Unfinished",
                    "Most waiting",
                    "Most replicas",
                    "Starts",
                    "Busy",
                    Currency,
                ],
                Results.Select(result =>
                    (IReadOnlyList<string>)
                        [
                            result.Policy,
                            $"{result.Jobs}",
                            Say($"{result.MeanWait:0.#}"),
                            Say($"{result.P95Wait:0}"),
                            Say($"{result.LongestWait:0}"),
                            $"{result.Unfinished}",
                            $"{result.MostWaiting}",
                            $"{result.MostReplicas}",
                            $"{result.Starts}",
                            Say($"{100 * result.Busy:0} %"),
                            Say($"{result.Cost:0.00}"),
                        ]
                )
            );
        ChartSeries[] Over(Func<FleetMoment, double> value) =>
            [
                .. Results.Select(
                    (result, i) =>
                        new ChartSeries(
                            result.Policy,
                            Styles[i % Styles.Length],
                            [.. result.Moments.Select(moment => (moment.Seconds / 3600, value(moment)))]
                        )
                ),
            ];
        page.Chart("Jobs that wait", "hours", "jobs", Over(moment => moment.Waiting))
            .Chart("Replicas that are paid for", "hours", "replicas", Over(moment => moment.Replicas))
            .Heading("The numbers of infra/")
            .Table(
                1,
                ["Environment", "Jobs a day", "Needed at most", "Helm", "Azure", "AWS"],
                Comparisons.Select(comparison =>
                    (IReadOnlyList<string>)
                        [
                            comparison.Environment,
                            Say($"{comparison.JobsPerDay:0}"),
                            NeededOf(comparison),
                            .. comparison.Committed.Select(fleet => $"{fleet.Most}"),
                        ]
                )
            )
            .Paragraph(
                "Needed is the smallest number with which the objective is kept on each of three days that have "
                    + Say($"{Assumptions.Headroom:0.##} × the jobs, or the floor that is assumed. A replica takes as many jobs as ")
                    + "the scaler counts for it (Worker:JobsAtOnce, queueLength). How long to wait before there are fewer "
                    + "(cooldownSeconds) is no outcome of these assumptions: it weighs the cost of an idle replica against the wait for a "
                    + "cold start, and needs to know what waiting costs."
            );
        return page.ToString();
    }

    private static IEnumerable<string> Differences(FleetComparison comparison) =>
        comparison
            .Committed.Where(fleet => fleet.Most != comparison.Needed)
            .Select(fleet => $"{fleet.Place} has at most {fleet.Most}; the assumptions need {NeededOf(comparison)}.");

    private static string NeededOf(FleetComparison comparison) => comparison.Needed is { } most ? $"{most}" : "more than was tried";

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
