using Serverless.Ingest.Analyzers;
using Serverless.Media;

namespace Serverless.Ingest.Ledgers;

/// <summary>
/// What models took for the analyses that stand, by kind of media; of each asset that of its newest version. Copies, and what was analysed
/// before seconds were counted, are left out.
/// </summary>
/// <param name="MediaSeconds">How long the films are all together; 0 of what does not last.</param>
public sealed record SpentByKind(MediaKind Kind, int Analyses, double MediaSeconds, double ProcessorSeconds, double GpuSeconds)
{
    public static IReadOnlyList<SpentByKind> Sum(IEnumerable<LedgerRow> rows) =>
        [
            .. rows.Where(row => row is { State: AssetState.Processed, Kind: not null, Entry.Spent: not null })
                .GroupBy(row => row.Kind!.Value, row => row.Entry.Spent!)
                .OrderBy(kind => kind.Key)
                .Select(kind => Sum(kind.Key, [.. kind])),
        ];

    private static SpentByKind Sum(MediaKind kind, AnalysisSpending[] spent) =>
        new(
            kind,
            spent.Length,
            spent.Sum(one => one.MediaSeconds ?? 0),
            spent.Sum(one => one.ProcessorSeconds),
            spent.Sum(one => one.GpuSeconds)
        );
}
