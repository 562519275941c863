using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// Which rows have which places of a table: 8 bytes a row that has one. Follows rows that are appended to; what it says of earlier ones
/// stays. Thread-safe.
/// </summary>
internal sealed class PlaceJoin(PlaceTable table)
{
    private readonly Lock _gate = new();
    private readonly List<RowOfPlace> _known = [];
    private readonly List<RowOfAsset> _others = []; // whose place the table has not, or more than once
    private int _joined; // rows

    private readonly record struct RowOfPlace(int Row, int Place);

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
            foreach (RowOfPlace one in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_known))
            {
                rows[one.Row >> 6] |= (ulong)(admitted[one.Place >> 6] >> one.Place & 1) << one.Row;
            }
            foreach (RowOfAsset one in _others)
            {
                rows[one.Row >> 6] |= table.Admits(admitted, one.First, one.Place) ? 1UL << one.Row : 0;
            }
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
            _known.Add(new RowOfPlace(row, found));
        }
        else
        {
            _others.Add(new RowOfAsset(row, first, place));
        }
    }
}
