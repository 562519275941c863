using System.Text.Json.Serialization;
using Serverless.Ingest.Documents;
using Serverless.Media;

namespace Serverless.Ingest.Analyzers;

[JsonConverter(typeof(JsonStringEnumConverter<AnalysisStatus>))]
public enum AnalysisStatus
{
    /// <summary>The document is written.</summary>
    Analysed,

    /// <summary>Too long to be analysed at once; meant for gpu-batch.</summary>
    TooLong,

    /// <summary>The bytes are bad, and no other attempt will like them better.</summary>
    Refused,

    /// <summary>
    /// A model that it needs serves nowhere yet, or it is to be analysed alone: nothing was begun, and it is to be tried again later.
    /// </summary>
    Waiting,

    /// <summary>Another version is current by now.</summary>
    Superseded,

    /// <summary>The object is no longer there.</summary>
    Gone,

    /// <summary>The version has its result already.</summary>
    Settled,
}

/// <summary>What came of one attempt at one asset version. Faults that may heal are thrown instead, for the caller to retry.</summary>
/// <param name="Spent">Null where nothing was analysed, or nothing counted.</param>
public sealed record AnalysisOutcome(AnalysisStatus Status, Failure? Failure = null, AnalysisSpending? Spent = null)
{
    /// <summary>Its document is written.</summary>
    public static AnalysisOutcome Of(AnalysisDocument document) => new(AnalysisStatus.Analysed, Spent: AnalysisSpending.Of(document));

    public static AnalysisOutcome WaitFor(string model, string environment) =>
        new(
            AnalysisStatus.Waiting,
            new Failure(FailureKind.NotServed, $"Nothing serves model '{model}' in environment '{environment}' yet.", true)
        );

    public static AnalysisOutcome Refuse(string kind, string message) => new(AnalysisStatus.Refused, new Failure(kind, message, false));

    public static AnalysisOutcome Refuse(MediaRejectedException e) => Refuse(FailureKind.Of(e.Fault), e.Message);
}
