namespace Serverless.Drift.Observations;

/// <summary>How features are called in reports.</summary>
public static class FeatureNames
{
    public const string Source = "source";
    public const string Kind = "kind";
    public const string Language = "language";
    public const string Label = "output.label";
    public const string Score = "output.score";
    public const string Entropy = "output.entropy";
    public const string Valid = "output.valid";
    public const string Count = "output.count";
    public const string Entities = "output.entities.";
    public const string Norm = "output.norm";
    public const string Mean = "output.mean";
    public const string Deviation = "output.deviation";
    public const string Input = "input.";

    /// <summary>Of keyframes alone: a picture by itself lacks nothing.</summary>
    private const string Film = Input + "film.";
    public const string Parameters = "parameters.";

    /// <summary>How requests were served is told by a report, and is no drift: rules of their own watch it.</summary>
    public const string Service = "service.";
    public const string Milliseconds = Service + "milliseconds";
    public const string Fault = Service + "fault";
    private const string Feedback = "feedback.";
    public const string Correct = Feedback + "correct";
    public const string Value = Feedback + "value";

    /// <summary>What was reported as right: it tells how good answers were, and is no feature that drifts.</summary>
    public const string TrueLabel = Feedback + "label";
    public const string Vector = "output.vector";

    /// <summary>By which predictions are looked at apart as well.</summary>
    public static IReadOnlyList<string> SliceFields { get; } = [Source, Kind, Language];

    /// <summary>Whether every answered prediction is expected to have the feature, so that one without it lacks something.</summary>
    public static bool IsExpected(string feature) =>
        !feature.StartsWith(Entities, StringComparison.Ordinal)
        && !feature.StartsWith(Film, StringComparison.Ordinal)
        && !feature.StartsWith(Service, StringComparison.Ordinal)
        && !IsOfFeedback(feature);

    /// <summary>Whether it says what became of predictions.</summary>
    public static bool IsOfFeedback(string feature) => feature.StartsWith(Feedback, StringComparison.Ordinal);
}
