using Serverless.Statistics.Intervals;

namespace Serverless.Drift.Checks;

/// <summary>What a validation measured of a version by its first metric, as its report has it.</summary>
/// <param name="Report">Among those of the version.</param>
/// <param name="Metric">"accuracy", "ndcg", ….</param>
/// <param name="Golden">The digest of the golden set.</param>
/// <param name="Scope">Of the golden set: "models/news", "tasks/TextClassification".</param>
/// <param name="MacroF1">Null where the validation did not measure it.</param>
public sealed record ValidatedQuality(
    string Report,
    string Metric,
    Interval Value,
    string Golden,
    string Scope,
    DateTimeOffset At,
    Interval? MacroF1 = null
);

public enum QualityVerdict
{
    /// <summary>Nobody reported labels, or the metric is none that labels tell of.</summary>
    NotEnoughLabels,

    /// <summary>Chance explains the difference, or it is better.</summary>
    AsValidated,

    /// <summary>All of an interval, of the accuracy or of macro F1, lies below that of the validation.</summary>
    Worse,
}

/// <summary>Labels that people reported, held against the validation of the version.</summary>
/// <param name="Found">The same metric of this window, with the bounds of a 95 % interval.</param>
/// <param name="FoundF1">Macro F1 of this window; null where too few predictions have both an answer and a report here.</param>
public sealed record QualityComparison(ValidatedQuality Validated, Interval? Found, QualityVerdict Verdict, Interval? FoundF1 = null)
{
    /// <summary>Labels tell of right and wrong answers, which is what accuracy counts.</summary>
    private const string Accuracy = "accuracy";

    public static QualityComparison Of(ValidatedQuality validated, DriftQuality? quality)
    {
        if (validated.Metric != Accuracy || quality?.Accuracy is not { } found)
        {
            return new QualityComparison(validated, Found: null, QualityVerdict.NotEnoughLabels);
        }
        Interval? f1 =
            validated.MacroF1 is not null && quality.Labels is { Joined: >= LabelQuality.MinJudged } labels ? labels.MacroF1 : null;
        // Intervals of 95 % that do not meet: where both are alike, one look in some 170 says so by chance, of either of the two.
        bool isWorse = found.High < validated.Value.Low || f1?.High < validated.MacroF1?.Low;
        return new QualityComparison(validated, found, isWorse ? QualityVerdict.Worse : QualityVerdict.AsValidated, f1);
    }
}
