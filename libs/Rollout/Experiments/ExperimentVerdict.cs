namespace Serverless.Rollout.Experiments;

/// <summary>What can be said now; it may be asked for at any time and stays valid.</summary>
/// <param name="Conclusion">For people.</param>
/// <param name="Winner">The arm that is better than the control for sure; null while there is none, or where the numbers are not to be
/// trusted.</param>
/// <param name="Unjoined">Reports of outcomes that count for no arm, since their prediction was not captured.</param>
/// <param name="Truncated">More was captured than is read at once: the verdict is about the first part.</param>
public sealed record ExperimentVerdict(
    DateTimeOffset At,
    string Conclusion,
    string? Winner,
    IReadOnlyList<ArmSummary> Arms,
    IReadOnlyList<ArmComparison> Comparisons,
    SampleRatio SampleRatio,
    IReadOnlyList<SliceEffect> Slices,
    bool Truncated,
    long Unjoined = 0
);

/// <param name="Weight">The part of the callers now.</param>
/// <param name="Values">Of the metric.</param>
public sealed record ArmSummary(string Arm, int Version, double Weight, long Requests, long Values, double Mean, double Deviation);

/// <summary>An arm's mean less the control's; the interval holds at all times at once. Null bounds while nothing can be said.</summary>
/// <param name="WithinDelta">Whether the two differ by less than the experiment's delta for sure.</param>
public sealed record ArmComparison(
    string Arm,
    string Control,
    double Difference,
    double? Low,
    double? High,
    bool Different,
    bool Better,
    bool WithinDelta = false
);

/// <summary>Whether the arms get the callers that they are meant to get; below 0.001 something loses or misleads some of them.</summary>
public sealed record SampleRatio(double PValue, bool Trusted);

/// <summary>The same within a slice. All slices together call equal ones different with the experiment's error rate.</summary>
public sealed record SliceEffect(
    string Slice,
    string Arm,
    long Values,
    double Difference,
    double? Low,
    double? High,
    bool Different,
    bool Better
);
