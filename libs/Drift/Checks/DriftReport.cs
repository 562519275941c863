using System.ComponentModel;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Intervals;

namespace Serverless.Drift.Checks;

/// <summary>What one look at a version found.</summary>
public sealed record DriftReport
{
    /// <summary>Among those of the version.</summary>
    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required string Model { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    [Description("Of all features the most serious.")]
    public required DriftVerdict Verdict { get; init; }

    public required DriftSide Current { get; init; }

    [Description("What the window was held against; absent where there was nothing yet.")]
    public DriftSide? Reference { get; init; }

    public required DriftReference ReferenceKind { get; init; }

    public required DriftLikeness Likeness { get; init; }

    [Description("Features that were tested, over all slices.")]
    public required int Streams { get; init; }

    [Description("Evidence from which on a feature alarms.")]
    public required double Threshold { get; init; }

    [Description("Of this model, on average and at least, where nothing shifts.")]
    public required double LooksBetweenFalseAlarms { get; init; }

    [Description("The most serious first.")]
    public required IReadOnlyList<FeatureFinding> Findings { get; init; }

    [Description("Findings without a shift that are left out here.")]
    public required int LeftOut { get; init; }

    [Description("Reported labels, held against the version's validation; absent where it was never validated.")]
    public QualityComparison? Quality { get; init; }

    [Description("What was done about it, and why.")]
    public IReadOnlyList<DriftDecision> Decisions { get; init; } = [];

    public IEnumerable<FeatureFinding> Alarms() => Findings.Where(finding => finding.Verdict == DriftVerdict.Alarm);
}

/// <summary>One of the two windows.</summary>
/// <param name="Silent">Hours in which nothing was captured.</param>
/// <param name="SilentHours">The first of them, at most 20.</param>
/// <param name="Doubled">Predictions that were captured more than once, as far as the sample tells.</param>
/// <param name="LeftOut">Values of features beyond the number that is kept.</param>
/// <param name="Slices">Answered predictions of each.</param>
public sealed record DriftSide(
    DateTimeOffset From,
    DateTimeOffset Until,
    long Answered,
    long Failed,
    int Files,
    int Silent,
    CaptureFaults Faults,
    long Doubled,
    long LeftOut,
    IReadOnlyDictionary<string, long> Slices,
    IReadOnlyDictionary<string, long> FaultsByKind,
    DriftLatency? Milliseconds,
    DriftQuality? Quality,
    IReadOnlyList<DateTimeOffset>? SilentHours = null
);

/// <summary>Of answered predictions, from the rows that are kept.</summary>
public sealed record DriftLatency(double P50, double P95, double P99);

/// <summary>How good answers were.</summary>
/// <param name="Labelled">Predictions on which somebody reported a label.</param>
/// <param name="Accuracy">Of those; with the bounds of a 95 % interval.</param>
/// <param name="MeanValue">Of the values that were reported.</param>
/// <param name="EstimatedAccuracy">An estimate without labels, of the scores of the best labels; how, <paramref name="Estimate"/>
/// says.</param>
/// <param name="Labels">Label by label, and macro F1; null where no report names a label.</param>
/// <param name="Estimate">"thresholdedConfidence" or "uncalibratedScores": <see cref="AccuracyEstimate"/>.</param>
public sealed record DriftQuality(
    long Labelled,
    Interval? Accuracy,
    double? MeanValue,
    double? EstimatedAccuracy,
    LabelQuality? Labels = null,
    string? Estimate = null
);

/// <summary>Something that followed from a report, or why it did not.</summary>
/// <param name="Action">"alert", "rollBack", "openShadow" or "retrain".</param>
/// <param name="Done">False where it was not done; the reason says why.</param>
public sealed record DriftDecision(string Action, bool Done, string Reason, DateTimeOffset At);
