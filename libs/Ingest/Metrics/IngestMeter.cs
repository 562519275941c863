using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;

namespace Serverless.Ingest.Metrics;

/// <summary>
/// What becomes of uploads, as the changes of the ledger that this process made: each change that took effect counts once, in whichever
/// process it was made, and a repeated or late one not at all. The sum over all processes is the whole. Thread-safe.
/// </summary>
public sealed class IngestMeter : IDisposable
{
    public const string Name = "Serverless.Ingest";

    /// <summary>From a short text to a long film that waited for a worker.</summary>
    private static readonly double[] Boundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400];

    private readonly Meter _meter;
    private readonly Counter<long> _arrivals;
    private readonly Counter<long> _settled;
    private readonly Histogram<double> _durations;
    private readonly Counter<double> _modelTime;
    private readonly Counter<double> _mediaTime;

    public IngestMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _arrivals = _meter.CreateCounter<long>(
            "serverless.ingest.arrivals",
            "{asset}",
            "Asset versions whose first run began, by store and kind"
        );
        _settled = _meter.CreateCounter<long>(
            "serverless.ingest.settled",
            "{asset}",
            "Asset versions that came to a result, by store, kind and outcome: processed, quarantined"
        );
        _durations = _meter.CreateHistogram(
            "serverless.ingest.duration",
            "s",
            "From the admission of a version to the result of its first run",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries }
        );
        _modelTime = _meter.CreateCounter<double>(
            "serverless.ingest.model.time",
            "s",
            "Seconds that analyses took, by kind, model, version and provider: cpu of processors, cuda of the GPU"
        );
        _mediaTime = _meter.CreateCounter<double>(
            "serverless.ingest.media.time",
            "s",
            "How long the films are that were analysed, by kind"
        );
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>An entry of the ledger was changed.</summary>
    /// <param name="before">Null where it is new.</param>
    internal void Changed(string store, LedgerEntry? before, LedgerEntry after)
    {
        TagList tags = new() { { "store", store }, { "kind", after.Kind is { } kind ? EntryKind.Of(kind) : "unknown" } };
        if (!HasBegun(before) && HasBegun(after))
        {
            _arrivals.Add(1, tags);
        }
        if (OutcomeOf(after) is not { } outcome || before?.State == after.State)
        {
            return;
        }
        tags.Add("outcome", outcome);
        _settled.Add(1, tags);
        // A redriven version is as old as its first admission, which tells nothing of how long work takes.
        if (after is { Run: <= 1, Finished: { } finished })
        {
            _durations.Record((finished - after.Registered).TotalSeconds, tags);
        }
    }

    /// <summary>A document was written that is no copy of another, and not one that stood there already.</summary>
    internal void Analysed(AnalysisDocument document)
    {
        if (document.Spent is not { } spent)
        {
            return;
        }
        string kind = EntryKind.Of(document.Kind);
        foreach (ModelSpent model in spent)
        {
            Add(model, kind, "cpu", model.ProcessorSeconds);
            if (model.GpuSeconds > 0)
            {
                Add(model, kind, "cuda", model.GpuSeconds);
            }
        }
        if (document.Video is { } film)
        {
            _mediaTime.Add(film.DurationSeconds, new TagList { { "kind", kind } });
        }
    }

    private void Add(ModelSpent model, string kind, string provider, double seconds) =>
        _modelTime.Add(
            seconds,
            new TagList
            {
                { "kind", kind },
                { "model", model.Name },
                { "version", model.Version },
                { "provider", provider },
            }
        );

    /// <summary>What was deleted or overwritten arrives again when it comes back.</summary>
    private static bool HasBegun(LedgerEntry? entry) => entry is { Run: > 0, State: not (AssetState.Gone or AssetState.Superseded) };

    private static string? OutcomeOf(LedgerEntry entry) =>
        entry.State switch
        {
            AssetState.Processed => "processed",
            AssetState.Quarantined => "quarantined",
            _ => null,
        };
}
