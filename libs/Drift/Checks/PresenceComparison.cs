using Serverless.Drift.Summaries;
using Serverless.Statistics.Shifts.Categories;

namespace Serverless.Drift.Checks;

/// <summary>Compares how many predictions have a feature, lack it, or have a value that is none.</summary>
internal static class PresenceComparison
{
    private static readonly string[] States = ["there", "missing", "invalid"];

    public static FeatureFinding Compare(SlicePair pair, string feature)
    {
        CategoryCounts counts = new(CountsOf(pair.Reference, feature), CountsOf(pair.Current, feature));
        return pair.Found(
            feature,
            FeatureAspect.Presence,
            "chiSquare",
            HomogeneityTest.ChiSquare(counts),
            pair.Limits.MinCategoryEffect,
            pair.Reference.Answered,
            pair.Current.Answered
        ) with
        {
            Bars = DriftBars.Of(States, counts),
        };
    }

    private static long[] CountsOf(SliceSummary side, string feature)
    {
        (long missing, long invalid) = (side.Missing(feature), side.Invalid(feature));
        return [Math.Max(0, side.Answered - missing - invalid), missing, invalid];
    }
}
