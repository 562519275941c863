using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>How often each category of a feature came. Exact, or known to be incomplete; belongs to whoever builds the summary.</summary>
public sealed class CategoryTally
{
    /// <summary>Of all categories, also of those that have no count here.</summary>
    public long Total { get; set; }

    /// <summary>Whether there were more categories than are counted; the counts are then left out.</summary>
    public bool IsOverflown { get; set; }

    public Dictionary<string, long> Counts { get; init; } = [];

    internal void Add(string category, long count = 1)
    {
        Total += count;
        if (IsOverflown)
        {
            return;
        }
        Counts[category] = Counts.GetValueOrDefault(category) + count;
        DropWhereTooMany();
    }

    internal void Merge(CategoryTally other)
    {
        Total += other.Total;
        IsOverflown |= other.IsOverflown;
        foreach ((string category, long count) in other.Counts)
        {
            Counts[category] = Counts.GetValueOrDefault(category) + count;
        }
        DropWhereTooMany();
    }

    internal long Invalid => Counts.GetValueOrDefault(ObservationReader.InvalidCategory);

    private void DropWhereTooMany()
    {
        if (IsOverflown || Counts.Count > SummaryLimits.MaxCategories)
        {
            IsOverflown = true;
            Counts.Clear();
        }
    }
}
