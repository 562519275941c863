using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Intervals;
using Serverless.Statistics.Metrics;

namespace Serverless.Drift.Checks;

/// <summary>
/// How good answers were label by label, of the rows and reports that are kept: where a prediction and its report are both among them.
/// </summary>
/// <param name="Joined">Predictions that count here, at most as many as rows are kept.</param>
/// <param name="MacroF1">As validations measure it, with the bounds of a 95 % interval by resampling.</param>
/// <param name="Classes">The most frequently wanted first, at most <see cref="MaxClasses"/>.</param>
/// <param name="MoreClasses">Labels beyond those.</param>
public sealed record LabelQuality(int Joined, Interval MacroF1, IReadOnlyList<ClassQuality> Classes, int MoreClasses)
{
    public const int MaxClasses = 20;

    /// <summary>Of fewer, resampling gives intervals that are too narrow to judge by.</summary>
    public const int MinJudged = 50;

    private const double Confidence = 0.95;
    private const int Replicates = 1_000;
    private const int Seed = 1;

    /// <summary>Null where no prediction with a label has a report of one.</summary>
    internal static LabelQuality? Of(SliceSummary all)
    {
        Dictionary<string, string> answered = all
            .Rows.Rows.Where(row => row.Categories.ContainsKey(FeatureNames.Label))
            .DistinctBy(row => row.PredictionId)
            .ToDictionary(row => row.PredictionId, row => row.Categories[FeatureNames.Label]);
        (string Wanted, string Found)[] pairs =
        [
            .. all
                .Reports.Rows.Where(report =>
                    report.Categories.ContainsKey(FeatureNames.TrueLabel) && answered.ContainsKey(report.PredictionId)
                )
                .Select(report => (report.Categories[FeatureNames.TrueLabel], answered[report.PredictionId])),
        ];
        if (pairs.Length == 0)
        {
            return null;
        }
        Bootstrap bootstrap = new(Replicates, Seed);
        Interval f1 = bootstrap.Estimate(
            Classification.MacroF1([.. pairs.Select(pair => pair.Wanted)], [.. pairs.Select(pair => (string?)pair.Found)]),
            Confidence
        );
        Dictionary<string, int> wanted = pairs.CountBy(pair => pair.Wanted).ToDictionary(),
            found = pairs.CountBy(pair => pair.Found).ToDictionary(),
            both = pairs.Where(pair => pair.Wanted == pair.Found).CountBy(pair => pair.Found).ToDictionary();
        ClassQuality[] classes =
        [
            .. pairs
                .SelectMany(pair => new[] { pair.Wanted, pair.Found })
                .Distinct(StringComparer.Ordinal)
                .Select(label =>
                    ClassOf(label, wanted.GetValueOrDefault(label), found.GetValueOrDefault(label), both.GetValueOrDefault(label))
                )
                .OrderByDescending(one => one.Wanted)
                .ThenBy(one => one.Label, StringComparer.Ordinal),
        ];
        return new LabelQuality(
            pairs.Length,
            new Interval(Math.Round(f1.Value, 6), Math.Round(f1.Low, 6), Math.Round(f1.High, 6)),
            [.. classes.Take(MaxClasses)],
            Math.Max(0, classes.Length - MaxClasses)
        );
    }

    private static ClassQuality ClassOf(string label, int wanted, int found, int both) =>
        new(
            label,
            wanted,
            found == 0 ? null : Shares.Wilson(both, found, Confidence),
            wanted == 0 ? null : Shares.Wilson(both, wanted, Confidence)
        );
}

/// <summary>One label.</summary>
/// <param name="Wanted">Predictions of which it was reported as right.</param>
/// <param name="Precision">Of the answers of this label, those that are right; null where it was never answered.</param>
/// <param name="Recall">Of those of which it is right, those answered so; null where it never was.</param>
public sealed record ClassQuality(string Label, int Wanted, Interval? Precision, Interval? Recall);
