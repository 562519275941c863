using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Intervals;

namespace Serverless.Drift.Checks;

/// <summary>What a report says of a window.</summary>
internal static class DriftSides
{
    private const double Confidence = 0.95;

    public static DriftSide Of(WindowSummary window)
    {
        SliceSummary all = window.Traffic.All;
        return new DriftSide(
            window.Window.From,
            window.Window.Until,
            all.Answered,
            all.Failed,
            window.Files,
            window.Silent,
            window.Faults,
            window.Traffic.Doubled,
            all.LeftOut,
            window.Traffic.Slices.ToDictionary(slice => slice.Key, slice => slice.Value.Answered),
            all.Categories.GetValueOrDefault(FeatureNames.Fault)?.Counts.Where(fault => fault.Key != "none").ToDictionary() ?? [],
            LatencyOf(all),
            QualityOf(all),
            window.SilentHours
        );
    }

    private static DriftLatency? LatencyOf(SliceSummary all)
    {
        double[] sorted = [.. ValuesOf(all, FeatureNames.Milliseconds).Order()];
        return sorted.Length == 0 ? null : new DriftLatency(At(0.5), At(0.95), At(0.99));

        double At(double p) => Math.Round(Quantiles.Of(sorted, p), 3);
    }

    private static DriftQuality? QualityOf(SliceSummary all)
    {
        Dictionary<string, long> counts = all.Categories.GetValueOrDefault(FeatureNames.Correct)?.Counts ?? [];
        long right = counts.GetValueOrDefault("true"),
            labelled = right + counts.GetValueOrDefault("false");
        NumberTally values = all.Numbers.GetValueOrDefault(FeatureNames.Value),
            scores = all.Numbers.GetValueOrDefault(FeatureNames.Score);
        LabelQuality? labels = LabelQuality.Of(all);
        bool isShare = scores is { Count: > 0, Min: >= 0, Max: <= 1 };
        return labelled == 0 && values.Count == 0 && !isShare && labels is null
            ? null
            : new DriftQuality(
                labelled,
                labelled == 0 ? null : Shares.Wilson(right, labelled, Confidence),
                values.Count == 0 ? null : values.Mean,
                isShare ? scores.Mean : null,
                labels,
                isShare ? AccuracyEstimate.Uncalibrated : null
            );
    }

    private static IEnumerable<double> ValuesOf(SliceSummary side, string feature) =>
        side.Rows.Rows.Where(row => row.Numbers.ContainsKey(feature)).Select(row => row.Numbers[feature]).Where(double.IsFinite);
}
