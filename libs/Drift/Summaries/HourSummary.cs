using Serverless.Storage;

namespace Serverless.Drift.Summaries;

/// <summary>One hour of captures of a version, in all environments.</summary>
/// <param name="Files">Names of the files that are in it.</param>
public sealed record HourSummary(
    DateTimeOffset Hour,
    IReadOnlyList<string> Files,
    CaptureFaults Faults,
    IReadOnlyDictionary<string, StoredTraffic> Environments
)
{
    internal static StoredDocument<HourSummary> DocumentOf(
        IObjectStore store,
        string model,
        int version,
        DateTimeOffset hour,
        TimeProvider time
    ) => new(store, DriftLayout.HourOf(model, version, hour), SummaryFormat.MaxBytes, time, SummaryFormat.Of<HourSummary>());
}
