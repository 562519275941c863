using System.Text.Json.Serialization;
using Serverless.Ingest.Analyzers;

namespace Serverless.Ingest.Steps;

[JsonConverter(typeof(JsonStringEnumConverter<AdmissionVerdict>))]
public enum AdmissionVerdict
{
    /// <summary>To be analysed where it was admitted.</summary>
    AtOnce,

    /// <summary>To be analysed by gpu-batch.</summary>
    AsJob,

    /// <summary>Not of a kind or size that is analysed.</summary>
    Refused,

    /// <summary>This version has its result already.</summary>
    Settled,

    /// <summary>Another version is current by now.</summary>
    Superseded,

    /// <summary>The object is no longer there.</summary>
    Gone,
}

/// <summary>What is to be done with an asset version. There is a request for the first two verdicts, a failure for the third.</summary>
/// <param name="Attempts">How many have been begun at this version, this one included.</param>
public sealed record Admission(AdmissionVerdict Verdict, int Attempts = 0, AnalysisRequest? Request = null, Failure? Failure = null);

/// <summary>What became of an analysis that was to begin.</summary>
/// <param name="Outcome">Null where it begins; else what the version came to, or that it waits for a model.</param>
/// <param name="MustBeAlone">It was not begun: it ended with its process before, and is to be alone.</param>
public sealed record AttemptBegun(AnalysisOutcome? Outcome, bool MustBeAlone = false);
