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
    public const string Parameters = "parameters.";
    public const string Milliseconds = "service.milliseconds";
    public const string Fault = "service.fault";
    public const string Correct = "feedback.correct";
    public const string Value = "feedback.value";
    public const string Vector = "output.vector";

    /// <summary>By which predictions are looked at apart as well.</summary>
    public static IReadOnlyList<string> SliceFields { get; } = [Source, Kind, Language];

    /// <summary>Whether every answered prediction is expected to have the feature, so that one without it lacks something.</summary>
    public static bool IsExpected(string feature) =>
        !feature.StartsWith(Entities, StringComparison.Ordinal)
        && !feature.StartsWith("service.", StringComparison.Ordinal)
        && !feature.StartsWith("feedback.", StringComparison.Ordinal);
}
