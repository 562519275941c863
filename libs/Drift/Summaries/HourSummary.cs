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

/// <summary>What was wrong with captured files and lines.</summary>
/// <param name="Damaged">Files that end before their end.</param>
/// <param name="Misdated">Lines whose time is not in the hour of their file, left out.</param>
/// <param name="Late">Files that came after the hour had been summarised.</param>
/// <param name="FirstDamage">Where, and what was found.</param>
public sealed record CaptureFaults(int Damaged, long Misdated, int Late, string? FirstDamage = null)
{
    public static CaptureFaults None { get; } = new(0, 0, 0);

    public CaptureFaults Add(CaptureFaults other) =>
        new(Damaged + other.Damaged, Misdated + other.Misdated, Late + other.Late, FirstDamage ?? other.FirstDamage);
}
