namespace Serverless.Runs;

/// <summary>What models took in one run.</summary>
public sealed record RunSpent(double ProcessorSeconds, double GpuSeconds);

/// <summary>The same of all runs of one name that asked models.</summary>
/// <param name="Runs">How many those are.</param>
public sealed record SpentByName(string Name, RunKind Kind, int Runs, double ProcessorSeconds, double GpuSeconds)
{
    internal static IReadOnlyList<SpentByName> Sum(IEnumerable<RunEntry> runs) =>
        [
            .. runs.Where(run => run.Spent is not null)
                .GroupBy(run => (run.Name, run.Kind))
                .Select(named => new SpentByName(
                    named.Key.Name,
                    named.Key.Kind,
                    named.Count(),
                    named.Sum(run => run.Spent!.ProcessorSeconds),
                    named.Sum(run => run.Spent!.GpuSeconds)
                )),
        ];
}
