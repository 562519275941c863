using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Runs;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Costs;

/// <param name="Scope">Of what the numbers of models are: of one process, where others may run beside it.</param>
/// <param name="Unpriced">What no cost can be given for, in words; empty where all prices are configured.</param>
/// <param name="Models">The dearest first.</param>
/// <param name="Media">By kind, of all uploads whose analysis stands, whichever process made it.</param>
/// <param name="Runs">By name, of all runs that the index holds and that asked models; the dearest first.</param>
internal sealed record CostAnswer(
    string Scope,
    DateTimeOffset Since,
    string Currency,
    double PerProcessorHour,
    double PerGpuHour,
    IReadOnlyList<string> Unpriced,
    IReadOnlyList<ModelCost> Models,
    IReadOnlyList<MediaCost> Media,
    IReadOnlyList<NamedRunsCost> Runs
);

/// <summary>What the analyses of one kind of media have cost; copies of an analysis cost nothing and are left out.</summary>
/// <param name="Hours">How long all of it lasts; null of what does not last.</param>
/// <param name="Cost">Null where a price that it needs is not configured; the same of the others.</param>
/// <param name="CostPerHour">Of an hour of media.</param>
internal sealed record MediaCost(
    MediaKind Kind,
    int Analyses,
    double? Hours,
    double ProcessorSeconds,
    double GpuSeconds,
    double? Cost,
    double? CostPerHour,
    double? CostPerAnalysis
)
{
    public static MediaCost Of(SpentByKind spent, PriceOptions prices)
    {
        double? cost = prices.CostOf(spent.ProcessorSeconds, spent.GpuSeconds);
        double? hours = spent.MediaSeconds > 0 ? TimeSpan.FromSeconds(spent.MediaSeconds).TotalHours : null;
        return new MediaCost(
            spent.Kind,
            spent.Analyses,
            hours,
            spent.ProcessorSeconds,
            spent.GpuSeconds,
            cost,
            cost / hours,
            cost / spent.Analyses
        );
    }
}

/// <summary>What the runs of one name have cost. A run that waits for a job counts what the job took, as the job itself does.</summary>
/// <param name="Runs">Those that asked models.</param>
internal sealed record NamedRunsCost(
    string Name,
    RunKind Kind,
    int Runs,
    double ProcessorSeconds,
    double GpuSeconds,
    double? Cost,
    double? CostPerRun
)
{
    public static NamedRunsCost Of(SpentByName spent, PriceOptions prices)
    {
        double? cost = prices.CostOf(spent.ProcessorSeconds, spent.GpuSeconds);
        return new NamedRunsCost(spent.Name, spent.Kind, spent.Runs, spent.ProcessorSeconds, spent.GpuSeconds, cost, cost / spent.Runs);
    }
}

/// <summary>What models took in one run, and what that cost.</summary>
/// <param name="Cost">Null where a price that it needs is not configured.</param>
internal sealed record RunCost(double ProcessorSeconds, double GpuSeconds, double? Cost, string Currency)
{
    /// <summary>Null of a run that asked no model.</summary>
    public static RunCost? Of(RunSpent? spent, PriceOptions prices) =>
        spent is null
            ? null
            : new RunCost(
                spent.ProcessorSeconds,
                spent.GpuSeconds,
                prices.CostOf(spent.ProcessorSeconds, spent.GpuSeconds),
                prices.Currency
            );
}
