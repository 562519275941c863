using System.CommandLine;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Costs;
using Serverless.Sizing.Fleets;

namespace Serverless.Local.Stack.Simulate;

/// <summary><c>simulate</c>: a day of gpu-batch under three ways to scale, and whether infra/ has the numbers that it needs.</summary>
internal static class SimulateCommand
{
    private const long MostBytesOfATrace = 512 << 20;

    private static readonly Option<string> Assumptions = new("--assumptions")
    {
        Description = "What the numbers are made from (JSON)",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "infra", "sizing.json"),
    };
    private static readonly Option<string> Prices = new("--prices")
    {
        Description = "Price list (JSON)",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "infra", "prices.json"),
    };
    private static readonly Option<string> Environment = new("--environment")
    {
        Description = "Whose day is simulated",
        DefaultValueFactory = _ => "prod",
    };
    private static readonly Option<string?> Trace = new("--trace")
    {
        Description = "Arrivals instead of the assumed day: CSV or JSON of times, or of starts of intervals and counts",
    };
    private static readonly Option<string?> Service = new("--service")
    {
        Description = "Time of a job instead of the assumed one, such as 90s",
    };
    private static readonly Option<int?> Most = new("--most") { Description = "Replicas at most instead of what is needed" };
    private static readonly Option<int> Seed = NumberOption.Create("--seed", "Of arrivals and times", 1, 0, int.MaxValue / 2);
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder for simulate.json and simulate.html",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts"),
    };

    /// <summary>Ends with 0 where infra/ has what is needed, 2 for bad input, 3 where it has not.</summary>
    public static Command Create()
    {
        Command command = new("simulate", "Simulate how gpu-batch scales over a day, and compare the numbers of infra/ with what it needs")
        {
            Assumptions,
            Prices,
            Environment,
            Trace,
            Service,
            Most,
            Seed,
            Out,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, TimeProvider.System, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider time, CancellationToken cancellationToken)
    {
        FleetAssumptions assumptions = await ReadAssumptionsAsync(parsed, cancellationToken);
        PriceList prices = await LoadFiles.ReadJsonAsync<PriceList>(parsed.GetValue(Prices)!, "a price list", cancellationToken);
        prices.Check(parsed.GetValue(Prices)!);
        InstanceKind kind = prices.Kinds.FirstOrDefault(one => one.Name == assumptions.Instance)
            ?? throw new StackException($"The instance is '{assumptions.Instance}', which {parsed.GetValue(Prices)} does not have.", 2);
        EnvironmentDemand demand = assumptions.DemandOf(parsed.GetValue(Environment)!);
        int seed = parsed.GetValue(Seed);
        ReportFiles.Demand(parsed.GetValue(Out)!);
        ArrivalTrace trace = parsed.GetValue(Trace) is { Length: > 0 } path
            ? await ReadTraceAsync(path, seed, cancellationToken)
            : ArrivalTrace.Of(FleetAssumptions.ShapeOf(demand), seed);

        FleetComparison[] comparisons = [.. assumptions.Environments.Select(one => Compare(assumptions, one))];
        int most = parsed.GetValue(Most) ?? comparisons.First(one => one.Environment == demand.Name).Needed ?? 1;
        FleetPlan plan = assumptions.PlanOf(most, kind.PerHour);
        SimulateDocument document = new(
            demand.Name,
            parsed.GetValue(Trace)
                ?? FormattableString.Invariant($"{demand.JobsPerDay} a day, {demand.PeakToMean} × the mean at {demand.PeakHour} h"),
            time.GetUtcNow(),
            assumptions,
            plan,
            prices.Currency,
            [
                .. assumptions
                    .MakePolicies()
                    .Select(policy => FleetSimulation.Run(trace, assumptions.MakeServiceTimes(), plan, policy, seed)),
            ],
            comparisons
        );
        foreach (FleetResult result in document.Results)
        {
            Tell(result, prices.Currency);
        }
        Console.WriteLine(document.Verdict);
        await ReportFiles.WriteAsync(parsed.GetValue(Out)!, "simulate", document.ToJson(), document.ToPage(), cancellationToken);
        return document.IsGood ? 0 : 3;
    }

    private static async Task<FleetAssumptions> ReadAssumptionsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetValue(Assumptions)!;
        FleetAssumptions read = await LoadFiles.ReadJsonAsync<FleetAssumptions>(file, "a file of assumptions", cancellationToken);
        FleetAssumptions assumptions = parsed.GetValue(Service) is { Length: > 0 } service
            ? read with
            {
                ServiceSeconds = Durations.Parse("--service", service).TotalSeconds,
            }
            : read;
        assumptions.Check(file);
        return assumptions;
    }

    private static FleetComparison Compare(FleetAssumptions assumptions, EnvironmentDemand demand) =>
        new(demand.Name, demand.JobsPerDay, assumptions.Advise(demand.Name).Most, CommittedFleet.Read(Checkout.Root, demand.Name));

    private static async Task<ArrivalTrace> ReadTraceAsync(string file, int seed, CancellationToken cancellationToken)
    {
        string text = await LoadFiles.ReadTextAsync(file, MostBytesOfATrace, cancellationToken);
        return text.TrimStart().StartsWith('[') ? ArrivalTrace.ParseJson(text, seed) : ArrivalTrace.ParseCsv(text, seed);
    }

    private static void Tell(FleetResult result, string currency) =>
        Console.WriteLine(
            FormattableString.Invariant($"  {result.Policy}: {result.Jobs} jobs, mean wait {result.MeanWait:0.#} s, ")
                + FormattableString.Invariant($"p95 {result.P95Wait:0} s, {result.MostReplicas} replicas at most, ")
                + FormattableString.Invariant($"{result.Starts} starts, {result.Cost:0.00} {currency}")
        );
}
