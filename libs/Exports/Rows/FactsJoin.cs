using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Serverless.Exports.Rows;

/// <summary>
/// Adds to rows about uploads what the analyses say: of the version that the row names. Rows that were captured before versions were named
/// get the version that had come last when their prediction was made, which the next one may have been while the analysis went on. Few
/// analyses are read at a time, each once for the rows that are near each other. For one export.
/// </summary>
internal sealed class FactsJoin(FindAssetFacts find, LeftOut leftOut)
{
    private const int RowsAtOnce = 64;
    private const int ReadsAtOnce = 4; // the analysis of a long text takes some megabytes
    private const int MaxKnown = 4_096;

    private readonly ConcurrentDictionary<string, IReadOnlyList<AssetFacts>> _known = new();

    public int Rows { get; private set; }

    public async IAsyncEnumerable<JoinedRow> JoinAsync(
        IAsyncEnumerable<JoinedRow> rows,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (JoinedRow[] some in rows.Chunk(RowsAtOnce).WithCancellation(cancellationToken))
        {
            await ReadAsync([.. some.Select(row => row.Row.Asset).OfType<string>().Distinct()], cancellationToken);
            foreach (JoinedRow row in some)
            {
                yield return row.Row.Asset is { } asset ? Join(row, _known[asset]) : row;
            }
        }
    }

    private async Task ReadAsync(IReadOnlyList<string> assets, CancellationToken cancellationToken)
    {
        if (_known.Count + assets.Count > MaxKnown)
        {
            _known.Clear();
        }
        ParallelOptions few = new() { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(assets.Where(asset => !_known.ContainsKey(asset)), few, async (asset, cancelled) =>
            _known[asset] = await find(asset, cancelled)
        );
    }

    private JoinedRow Join(JoinedRow row, IReadOnlyList<AssetFacts> versions)
    {
        AssetFacts? facts = row.Row.AssetVersion is { } analysed
            ? versions.FirstOrDefault(version => version.Version == analysed)
            : versions.Where(version => version.Registered <= row.Row.Time).MaxBy(version => version.Registered);
        leftOut.Add(LeftOut.Unanalysed, facts is null ? 1 : 0);
        Rows += facts is null ? 0 : 1;
        return row with { Facts = facts };
    }
}
