using Serverless.Statistics.Shifts.Categories;

namespace Serverless.Drift.Checks;

/// <summary>A category or a range of numbers, and its shares of both windows, 0 to 1.</summary>
public sealed record DriftBar(string Name, double Reference, double Current);

internal static class DriftBars
{
    /// <param name="names">Of the categories, in their order.</param>
    public static IReadOnlyList<DriftBar> Of(IReadOnlyList<string> names, CategoryCounts counts)
    {
        DriftBar[] bars = new DriftBar[names.Count];
        for (int i = 0; i < bars.Length; i++)
        {
            bars[i] = new DriftBar(
                names[i],
                Share(counts.Reference[i], counts.ReferenceTotal),
                Share(counts.Current[i], counts.CurrentTotal)
            );
        }
        return bars;
    }

    private static double Share(long count, double total) => total == 0 ? 0 : Math.Round(count / total, 5);
}
