using System.Runtime.InteropServices;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// Which rows have which places of a table: 12 bytes for each run of rows whose places follow each other in the same order, as those of an
/// asset mostly do. Follows rows that are appended to; what it says of earlier ones stays. Thread-safe.
/// </summary>
internal sealed class PlaceJoin(PlaceTable table)
{
    private const int WordBits = 64;
    private readonly Lock _gate = new();
    private readonly List<PlaceRun> _known = [];
    private readonly List<RowOfAsset> _others = []; // whose place the table has not, or more than once
    private int _joined; // rows

    private readonly record struct PlaceRun(int Row, int Place, int Count);

    private readonly record struct RowOfAsset(int Row, int First, ulong Place);

    public void Extend(IRows rows, int count)
    {
        lock (_gate)
        {
            if (_joined < count)
            {
                rows.Visit(_joined, count, Add);
                _joined = count;
            }
        }
    }

    /// <summary>Sets the bits of the rows whose places are admitted; also of rows that are yet to be shown, which nobody reads.</summary>
    public void Mark(ReadOnlySpan<long> admitted, Span<ulong> rows)
    {
        lock (_gate)
        {
            foreach (PlaceRun run in CollectionsMarshal.AsSpan(_known))
            {
                Copy(MemoryMarshal.Cast<long, ulong>(admitted), rows, run);
            }
            foreach (RowOfAsset one in _others)
            {
                rows[one.Row >> 6] |= table.Admits(admitted, one.First, one.Place) ? 1UL << one.Row : 0;
            }
        }
    }

    /// <summary>
    /// Up to a word of bits at a time, from anywhere in a word to anywhere in another. Shifts count modulo 64; both words that bits may
    /// reach into are always touched, since which do is hard to foresee for a processor.
    /// </summary>
    private static void Copy(ReadOnlySpan<ulong> places, Span<ulong> rows, PlaceRun run)
    {
        (int place, int row) = (run.Place, run.Row);
        for (int left = run.Count; left > 0; left -= WordBits, place += WordBits, row += WordBits)
        {
            int from = place >> 6,
                to = row >> 6;
            ulong bits = places[from] >> place | places[Math.Min(from + 1, places.Length - 1)] << 1 << ~place;
            bits &= ulong.MaxValue >> -Math.Min(left, WordBits);
            rows[to] |= bits << row;
            rows[Math.Min(to + 1, rows.Length - 1)] |= bits >> 1 >> ~row;
        }
    }

    private void Add(ulong asset, int row, ulong place)
    {
        if (table.FirstOf(asset) is var first && first < 0)
        {
            return;
        }
        if (table.FindOnly(first, place) is var found && found >= 0)
        {
            AddKnown(row, found);
        }
        else
        {
            _others.Add(new RowOfAsset(row, first, place));
        }
    }

    private void AddKnown(int row, int place)
    {
        if (_known.Count > 0 && _known[^1] is var last && row == last.Row + last.Count && place == last.Place + last.Count)
        {
            _known[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            _known.Add(new PlaceRun(row, place, 1));
        }
    }
}
