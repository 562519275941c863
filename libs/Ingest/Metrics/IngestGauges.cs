using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;

namespace Serverless.Ingest.Metrics;

/// <summary>
/// What there is of uploads and jobs, as <see cref="IngestLook"/> saw it last. Who collects reads memory alone; that it does is noted,
/// since looks are taken only while somebody collects. What was seen too long ago is not told. Thread-safe.
/// </summary>
public sealed class IngestGauges : IDisposable
{
    /// <summary>After so long without a collection nobody collects; what was seen so long ago is no longer told.</summary>
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly Meter _meter;

    // The time of the last collection: of those that nobody has taken note of yet the newest is enough.
    private readonly Channel<long> _collections = Channel.CreateBounded<long>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );
    private volatile Seen<PipelineReport>? _report;
    private volatile Seen<IngestCounts>? _counts;
    private long? _collected; // touched by the one who waits alone

    private sealed record Seen<T>(T Value, long At);

    public IngestGauges(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(IngestMeter.Name);
        Gauge("serverless.ingest.expected", "{asset}", "Uploads that a store has", Expected);
        Gauge("serverless.ingest.assets", "{asset}", "Uploads by store and state: processed, quarantined, missing", States);
        Gauge("serverless.ingest.backlog.items", "{item}", "What is still to be done, by store and queue", Items);
        _meter.CreateObservableGauge("serverless.ingest.backlog.age", Ages, "s", "Since when the oldest item of a backlog is there");
        Gauge("serverless.ingest.workers", "{worker}", "Workers that reported in time that they live", Workers);
        Gauge("serverless.ingest.findings", "{finding}", "What health says is not as it should be", Findings);
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Ends at once while somebody collects, else with the next collection. For one at a time.</summary>
    internal async Task WaitUntilCollectedAsync(CancellationToken cancellationToken)
    {
        TakeNote();
        while (_collected is not { } last || _time.GetElapsedTime(last) > KeptFor)
        {
            await _collections.Reader.WaitToReadAsync(cancellationToken);
            TakeNote();
        }
    }

    internal void Show(PipelineReport report) => _report = new(report, _time.GetTimestamp());

    internal void Show(IngestCounts counts) => _counts = new(counts, _time.GetTimestamp());

    private void TakeNote()
    {
        if (_collections.Reader.TryRead(out long collected))
        {
            _collected = collected;
        }
    }

    private void Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    private IEnumerable<Measurement<long>> Expected() =>
        Counts().Select(store => new Measurement<long>(store.Expected, new TagList { { "store", store.Store } }));

    private IEnumerable<Measurement<long>> States() =>
        Counts()
            .SelectMany(store =>
                new[] { ("processed", store.Processed), ("quarantined", store.Quarantined), ("missing", store.Missing) }.Select(
                    state => new Measurement<long>(state.Item2, new TagList { { "store", store.Store }, { "state", state.Item1 } })
                )
            );

    private IEnumerable<Measurement<long>> Items() => Backlogs().Select(one => new Measurement<long>(one.Items, TagsOf(one)));

    /// <summary>An empty backlog is of no age: zero, so that an alert on it ends.</summary>
    private IEnumerable<Measurement<double>> Ages() =>
        Backlogs().Select(one => new Measurement<double>(one.OldestSeconds ?? 0, TagsOf(one)));

    private IEnumerable<Measurement<long>> Workers() =>
        Recent(_report) is { } report ? [new Measurement<long>(report.Members.Count(member => member.Jobs is not null))] : [];

    private IEnumerable<Measurement<long>> Findings() =>
        Recent(_report) is { } report ? [new Measurement<long>(report.Findings.Count)] : [];

    private IReadOnlyList<IngestSummary> Counts() => Recent(_counts)?.Stores ?? [];

    private IReadOnlyList<Backlog> Backlogs() => Recent(_report)?.Backlogs ?? [];

    private T? Recent<T>(Seen<T>? seen)
        where T : class
    {
        _collections.Writer.TryWrite(_time.GetTimestamp());
        return seen is not null && _time.GetElapsedTime(seen.At) <= KeptFor ? seen.Value : null;
    }

    private static TagList TagsOf(Backlog backlog) => new() { { "store", backlog.Store }, { "queue", backlog.Queue } };
}
