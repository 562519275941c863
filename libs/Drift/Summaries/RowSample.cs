using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>
/// The rows with the least hashes: a fair sample of all that came, whatever the order and however often a row came (bottom-k sampling;
/// Cohen and Kaplan 2007, "Summarizing data using bottom-k sketches"). Two samples merge to the sample of both. Belongs to whoever builds
/// the summary.
/// </summary>
public sealed class RowSample(int capacity)
{
    private readonly SortedSet<ulong> _hashes = [];
    private readonly Dictionary<ulong, Observation> _rows = [];

    /// <summary>All rows with a hash below this are here.</summary>
    public ulong Threshold { get; private set; } = ulong.MaxValue;

    /// <summary>In the order of their hashes.</summary>
    public IEnumerable<Observation> Rows => _hashes.Select(hash => _rows[hash]);

    public int Count => _rows.Count;

    /// <summary>False of a row that is here already.</summary>
    internal bool Add(Observation row)
    {
        if (row.Hash >= Threshold)
        {
            return true;
        }
        if (!_rows.TryAdd(row.Hash, row))
        {
            return false;
        }
        _hashes.Add(row.Hash);
        if (_rows.Count > capacity)
        {
            CutTo(_hashes.Max);
        }
        return true;
    }

    /// <param name="rows">All rows of the other below its threshold, and maybe more.</param>
    internal void Merge(IEnumerable<Observation> rows, ulong threshold)
    {
        CutTo(threshold);
        foreach (Observation row in rows)
        {
            Add(row);
        }
    }

    private void CutTo(ulong threshold)
    {
        Threshold = Math.Min(Threshold, threshold);
        while (_hashes.Count > 0 && _hashes.Max >= Threshold)
        {
            _rows.Remove(_hashes.Max);
            _hashes.Remove(_hashes.Max);
        }
    }
}
