using System.Text.Json.Serialization;
using Serverless.Captures;

namespace Serverless.Drift.Observations;

public enum ObservationKind
{
    /// <summary>An answered prediction.</summary>
    Answered,

    /// <summary>A prediction that failed; only its fault is looked at.</summary>
    Failed,

    /// <summary>What became of a prediction.</summary>
    Feedback,
}

/// <summary>One captured line as features: numbers and categories by name, and the answer's vector where it was captured.</summary>
public sealed record Observation(
    ObservationKind Kind,
    string PredictionId,
    IReadOnlyDictionary<string, double> Numbers,
    IReadOnlyDictionary<string, string> Categories,
    IReadOnlyList<float>? Vector = null
)
{
    [JsonIgnore]
    public ulong Hash { get; } =
        PredictionHash.Of(PredictionId, Kind == ObservationKind.Feedback ? HashPurpose.Feedback : HashPurpose.Drift);
}
