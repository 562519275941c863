using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

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
    /// <summary>
    /// Even over all ids and the same wherever it is asked, so that rows with the least hashes are a fair sample, and a prediction that
    /// was captured twice is one.
    /// </summary>
    [JsonIgnore]
    public ulong Hash { get; } = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(PredictionId.AsSpan()), (long)Kind + SampleSeed);

    /// <summary>Another than those by which captures are sampled, whose choice would else be seen here.</summary>
    private const long SampleSeed = 2;
}
