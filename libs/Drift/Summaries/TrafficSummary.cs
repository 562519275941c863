using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>
/// What one version answered in one environment over some time: the whole, and each slice. Built of observations or of stored parts, in any
/// order. Belongs to whoever builds it.
/// </summary>
/// <param name="rows">Kept of each slice.</param>
/// <param name="vectors">Kept of each slice.</param>
public sealed class TrafficSummary(int rows, int vectors)
{
    /// <summary>The name of the slice that has all.</summary>
    public const string Whole = "all";

    private readonly SortedDictionary<string, SliceSummary> _slices = new(StringComparer.Ordinal);

    /// <summary>Of an hour, to be stored.</summary>
    public static TrafficSummary OfHour() => new(SummaryLimits.HourRows, SummaryLimits.HourVectors);

    /// <summary>Of a window, to be compared.</summary>
    public static TrafficSummary OfWindow() => new(SummaryLimits.WindowRows, SummaryLimits.WindowVectors);

    /// <summary>"all", "source=upload", "language=de".</summary>
    public IReadOnlyDictionary<string, SliceSummary> Slices => _slices;

    public SliceSummary All => SliceOf(Whole);

    /// <summary>Rows that were captured more than once, as far as the sample tells.</summary>
    public long Doubled { get; private set; }

    public void Add(Observation row)
    {
        if (!All.Add(row))
        {
            Doubled++;
            return;
        }
        foreach (string field in FeatureNames.SliceFields)
        {
            if (row.Categories.TryGetValue(field, out string? value))
            {
                SliceOf(field, value).Add(row);
            }
        }
    }

    /// <summary>A slice that has no room here is merged into its field's last one, with its counts and its rows.</summary>
    public void Merge(StoredTraffic part)
    {
        Doubled += part.Doubled;
        foreach ((string name, SliceCounts counts) in part.Slices.OrderBy(slice => slice.Key, StringComparer.Ordinal))
        {
            SliceSummary slice = name == Whole ? All : SliceOf(name[..name.IndexOf('=')], name[(name.IndexOf('=') + 1)..]);
            slice.Merge(counts);
            Observation[] own = [.. part.Rows.Where(row => IsIn(name, row, part.Slices))];
            slice.Rows.Merge(own.Where(row => row.Kind == ObservationKind.Answered), counts.RowsBelow);
            slice.Vectors.Merge(own.Where(row => row.Vector is not null), counts.VectorsBelow);
            slice.Reports.Merge(own.Where(row => row.Kind == ObservationKind.Feedback), counts.ReportsBelow);
        }
    }

    public StoredTraffic ToStored() =>
        new(
            Doubled,
            _slices.ToDictionary(slice => slice.Key, slice => slice.Value.ToCounts()),
            [
                .. _slices
                    .Values.SelectMany(slice => slice.Rows.Rows.Select(WithoutVector).Concat(slice.Vectors.Rows).Concat(slice.Reports.Rows))
                    .GroupBy(row => row.Hash)
                    .OrderBy(same => same.Key)
                    .Select(same => same.FirstOrDefault(row => row.Vector is not null) ?? same.First()),
            ]
        );

    /// <summary>Whether a row counts to the slice; to "other" where its own value has no slice.</summary>
    private static bool IsIn(string slice, Observation row, IReadOnlyDictionary<string, SliceCounts> slices)
    {
        if (slice == Whole)
        {
            return true;
        }
        string field = slice[..slice.IndexOf('=')];
        if (!row.Categories.TryGetValue(field, out string? value))
        {
            return false;
        }
        string own = $"{field}={value}";
        return slice == (slices.ContainsKey(own) ? own : $"{field}={SummaryLimits.OtherSlice}");
    }

    /// <summary>Vectors are stored only of the rows that are kept for them.</summary>
    private static Observation WithoutVector(Observation row) => row.Vector is null ? row : row with { Vector = null };

    private SliceSummary SliceOf(string field, string value)
    {
        string name = $"{field}={value}";
        bool room = _slices.ContainsKey(name) || _slices.Keys.Count(key => IsOf(field, key)) < SummaryLimits.MaxSlicesOfField;
        return SliceOf(room ? name : $"{field}={SummaryLimits.OtherSlice}");
    }

    private static bool IsOf(string field, string slice) => slice.StartsWith(field + "=", StringComparison.Ordinal);

    private SliceSummary SliceOf(string name)
    {
        if (!_slices.TryGetValue(name, out SliceSummary? slice))
        {
            _slices.Add(name, slice = new SliceSummary(rows, vectors));
        }
        return slice;
    }
}

/// <summary>A summary as it is stored.</summary>
/// <param name="Rows">Of all slices; which slices a row is in, its categories say.</param>
public sealed record StoredTraffic(long Doubled, IReadOnlyDictionary<string, SliceCounts> Slices, IReadOnlyList<Observation> Rows);
