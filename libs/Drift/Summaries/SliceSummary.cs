using System.Runtime.InteropServices;
using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>
/// What was predicted in one slice: exact counts and moments of every feature, and samples of rows. Belongs to whoever builds the summary.
/// </summary>
/// <param name="rows">How many rows are kept.</param>
/// <param name="vectors">How many rows that have a vector are kept beside.</param>
public sealed class SliceSummary(int rows, int vectors)
{
    private readonly Dictionary<string, NumberTally> _numbers = [];
    private readonly Dictionary<string, CategoryTally> _categories = [];

    public long Answered { get; private set; }

    public long Failed { get; private set; }

    public long Feedback { get; private set; }

    /// <summary>Values of features that were left out, since there are too many features.</summary>
    public long LeftOut { get; private set; }

    public IReadOnlyDictionary<string, NumberTally> Numbers => _numbers;

    public IReadOnlyDictionary<string, CategoryTally> Categories => _categories;

    public RowSample Rows { get; } = new(rows);

    public RowSample Vectors { get; } = new(vectors);

    public RowSample Reports { get; } = new(rows);

    /// <summary>How many answered predictions came without a feature that all are expected to have.</summary>
    public long Missing(string feature) =>
        Math.Max(0, Answered - (_numbers.TryGetValue(feature, out NumberTally tally) ? tally.Count + tally.Invalid : TotalOf(feature)));

    public long Invalid(string feature) =>
        _numbers.TryGetValue(feature, out NumberTally tally) ? tally.Invalid
        : _categories.TryGetValue(feature, out CategoryTally? counts) ? counts.Invalid
        : 0;

    /// <returns>False of a row that came before.</returns>
    internal bool Add(Observation row)
    {
        RowSample sample = row.Kind == ObservationKind.Feedback ? Reports : Rows;
        if (row.Kind != ObservationKind.Failed && !sample.Add(row))
        {
            return false;
        }
        if (row.Vector is not null)
        {
            Vectors.Add(row);
        }
        Answered += row.Kind == ObservationKind.Answered ? 1 : 0;
        Failed += row.Kind == ObservationKind.Failed ? 1 : 0;
        Feedback += row.Kind == ObservationKind.Feedback ? 1 : 0;
        foreach ((string name, double value) in row.Numbers)
        {
            if (HasRoom(_numbers.ContainsKey(name)))
            {
                ref NumberTally tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, name, out _);
                tally = tally.Add(value);
            }
        }
        foreach ((string name, string category) in row.Categories)
        {
            if (HasRoom(_categories.ContainsKey(name)))
            {
                TallyOf(name).Add(category);
            }
        }
        return true;
    }

    internal void Merge(SliceCounts counts)
    {
        Answered += counts.Answered;
        Failed += counts.Failed;
        Feedback += counts.Feedback;
        LeftOut += counts.LeftOut;
        foreach ((string name, NumberTally tally) in counts.Numbers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (HasRoom(_numbers.ContainsKey(name)))
            {
                _numbers[name] = _numbers.GetValueOrDefault(name).Merge(tally);
            }
        }
        foreach ((string name, CategoryTally tally) in counts.Categories.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (HasRoom(_categories.ContainsKey(name)))
            {
                TallyOf(name).Merge(tally);
            }
        }
    }

    internal SliceCounts ToCounts() =>
        new(Answered, Failed, Feedback, LeftOut, Rows.Threshold, Vectors.Threshold, Reports.Threshold, _numbers, _categories);

    private long TotalOf(string feature) => _categories.TryGetValue(feature, out CategoryTally? counts) ? counts.Total : 0;

    private CategoryTally TallyOf(string name)
    {
        ref CategoryTally? tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_categories, name, out _);
        return tally ??= new CategoryTally();
    }

    private bool HasRoom(bool isKnown)
    {
        bool room = isKnown || _numbers.Count + _categories.Count < SummaryLimits.MaxFeatures;
        LeftOut += room ? 0 : 1;
        return room;
    }
}

/// <summary>A slice as it is stored; its rows stand with those of the other slices.</summary>
public sealed record SliceCounts(
    long Answered,
    long Failed,
    long Feedback,
    long LeftOut,
    ulong RowsBelow,
    ulong VectorsBelow,
    ulong ReportsBelow,
    IReadOnlyDictionary<string, NumberTally> Numbers,
    IReadOnlyDictionary<string, CategoryTally> Categories
);
