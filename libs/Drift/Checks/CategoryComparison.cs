using Serverless.Drift.Summaries;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Categories;

namespace Serverless.Drift.Checks;

/// <summary>
/// Compares the shares of one feature's categories: by exact counts, or by the rows that are kept where there are too many categories to
/// be counted.
/// </summary>
internal static class CategoryComparison
{
    private const int MaxBars = 12;

    public static FeatureFinding Compare(SlicePair pair, string feature)
    {
        (Dictionary<string, long> reference, Dictionary<string, long> current) = CountsOf(pair, feature);
        ShiftResult result = HomogeneityTest.ChiSquare(CategoryCounts.ByName(reference, current));
        return pair.Found(
            feature,
            FeatureAspect.Category,
            "chiSquare",
            result,
            pair.Limits.MinCategoryEffect,
            reference.Values.Sum(),
            current.Values.Sum()
        );
    }

    public static FeatureFinding Describe(SlicePair pair, FeatureFinding finding)
    {
        (Dictionary<string, long> reference, Dictionary<string, long> current) = CountsOf(pair, finding.Feature);
        CategoryCounts counts = CategoryCounts.ByName(reference, current);
        Dictionary<string, double> sizes = new()
        {
            ["stabilityIndex"] = CategoryDistances.StabilityIndex(counts),
            ["jensenShannon"] = CategoryDistances.JensenShannon(counts),
            ["hellinger"] = CategoryDistances.Hellinger(counts),
        };
        if (HomogeneityTest.G(counts).P is { } p)
        {
            sizes["gP"] = p;
        }
        string[] names = [.. reference.Keys.Union(current.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        IReadOnlyList<DriftBar> bars = DriftBars.Of(names, counts);
        return finding with
        {
            Sizes = SlicePair.Finite(sizes),
            Bars = [.. bars.OrderByDescending(bar => Math.Max(bar.Reference, bar.Current)).Take(MaxBars)],
            Examples =
                finding.Verdict >= DriftVerdict.Shifted
                    ? ExamplesOf(pair, finding.Feature, bars.MaxBy(bar => bar.Current - bar.Reference)!.Name)
                    : null,
        };
    }

    /// <summary>Of the category whose share has grown most.</summary>
    private static string[] ExamplesOf(SlicePair pair, string feature, string grown) =>
        [
            .. pair
                .Current.Rows.Rows.Where(row => row.Categories.GetValueOrDefault(feature) == grown)
                .Take(SlicePair.MaxExamples)
                .Select(row => row.PredictionId),
        ];

    private static (Dictionary<string, long> Reference, Dictionary<string, long> Current) CountsOf(SlicePair pair, string feature)
    {
        bool sampled =
            pair.Reference.Categories.GetValueOrDefault(feature) is { IsOverflown: true }
            || pair.Current.Categories.GetValueOrDefault(feature) is { IsOverflown: true };
        return (CountsOf(pair.Reference, feature, sampled), CountsOf(pair.Current, feature, sampled));
    }

    private static Dictionary<string, long> CountsOf(SliceSummary side, string feature, bool sampled) =>
        sampled
            ? side
                .Rows.Rows.Where(row => row.Categories.ContainsKey(feature))
                .CountBy(row => row.Categories[feature])
                .ToDictionary(same => same.Key, same => (long)same.Value)
            : side.Categories.GetValueOrDefault(feature)?.Counts ?? [];
}
