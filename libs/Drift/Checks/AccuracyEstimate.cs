using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;

namespace Serverless.Drift.Checks;

/// <summary>
/// How many answers are right, told of their scores alone. Scores of networks are mostly too sure (Guo, Pleiss, Sun and Weinberger 2017,
/// "On calibration of modern neural networks"), so that their mean is no accuracy. Where the answers to the golden set are kept, the score
/// is taken above which as many of them lie as are right; the share of a window's scores above it is the estimate (Garg,
/// Balakrishnan, Lipton, Neyshabur and Sedghi 2022, "Leveraging unlabeled data to predict out-of-distribution performance": average
/// thresholded confidence). Like any such estimate it holds while the inputs shift and what is right for an input does not.
/// </summary>
public static class AccuracyEstimate
{
    public const string Thresholded = "thresholdedConfidence";
    public const string Uncalibrated = "uncalibratedScores";

    /// <summary>Of fewer items the threshold is mostly chance: the accuracy of 50 is known to some 14 %.</summary>
    private const int MinItems = 50;

    /// <summary>The report's side with the estimate by the golden set, or as it was where there is none.</summary>
    internal static DriftSide Calibrated(DriftSide side, SliceSummary window, SliceSummary? golden)
    {
        double[] scores = [.. ScoresOf(window).Select(row => row.Numbers[FeatureNames.Score])];
        return
            side.Quality is { EstimatedAccuracy: not null } quality
            && golden is not null
            && scores.Length > 0
            && FindThreshold(golden) is { } threshold
            ? side with
            {
                Quality = quality with
                {
                    EstimatedAccuracy = Math.Round((double)scores.Count(score => score >= threshold) / scores.Length, 6),
                    Estimate = Thresholded,
                },
            }
            : side;
    }

    /// <summary>Null of a set with too few items whose answers are right or wrong.</summary>
    private static double? FindThreshold(SliceSummary golden)
    {
        Dictionary<string, bool> right = golden
            .Reports.Rows.Where(report => report.Categories.ContainsKey(FeatureNames.Correct))
            .DistinctBy(report => report.PredictionId)
            .ToDictionary(report => report.PredictionId, report => report.Categories[FeatureNames.Correct] == "true");
        Observation[] rows = [.. ScoresOf(golden).Where(row => right.ContainsKey(row.PredictionId))];
        if (rows.Length < MinItems)
        {
            return null;
        }
        double[] descending = [.. rows.Select(row => row.Numbers[FeatureNames.Score]).OrderDescending()];
        int rightOnes = rows.Count(row => right[row.PredictionId]);
        return rightOnes == 0 ? double.PositiveInfinity : descending[rightOnes - 1];
    }

    private static IEnumerable<Observation> ScoresOf(SliceSummary side) =>
        side.Rows.Rows.Where(row => row.Numbers.TryGetValue(FeatureNames.Score, out double score) && double.IsFinite(score));
}
