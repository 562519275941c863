using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Metrics;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.Ingest.Metrics;

public sealed class IngestGaugesTests : IDisposable
{
    private readonly SharedServers _servers;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IngestGauges _gauges;
    private readonly MeasuredValues _measured;

    public IngestGaugesTests(SharedServers servers)
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        (_servers, _gauges, _measured) = (servers, new IngestGauges(meters, _time), new MeasuredValues(meters));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _measured.Dispose();
        _gauges.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Gauges_TellWhatWasSeenLast_ByStoreAndQueue()
    {
        _gauges.Show(
            new PipelineReport(
                [new HealthFinding("a", "b", "c")],
                [new Backlog("x", 3, 1, 12.5, "s3", "jobs"), new Backlog("y", 0, 0, null, "azure", Backlog.Uploads)],
                [new ReportedMember("w", default, Jobs: []), new ReportedMember("s", default)],
                default
            )
        );
        _gauges.Show(new IngestCounts([new IngestSummary("s3", 6, 3, 2, 1)], default));

        _measured.Collect();

        Assert.Equal(["store=s3: 6"], _measured.Of("serverless.ingest.expected"));
        Assert.Equal(
            ["state=missing store=s3: 1", "state=processed store=s3: 3", "state=quarantined store=s3: 2"],
            _measured.Of("serverless.ingest.assets")
        );
        Assert.Equal(["queue=jobs store=s3: 3", "queue=uploads store=azure: 0"], _measured.Of("serverless.ingest.backlog.items"));
        Assert.Equal(["queue=jobs store=s3: 12.5", "queue=uploads store=azure: 0"], _measured.Of("serverless.ingest.backlog.age"));
        Assert.Equal([": 1"], _measured.Of("serverless.ingest.workers"));
        Assert.Equal([": 1"], _measured.Of("serverless.ingest.findings"));
    }

    [Fact]
    public void Gauges_WithNothingSeenForTwoMinutes_TellNothing()
    {
        _gauges.Show(new IngestCounts([new IngestSummary("s3", 6, 3, 2, 1)], default));
        _time.Advance(IngestGauges.KeptFor + TimeSpan.FromSeconds(1));

        Assert.Empty(_measured.Collect().Of("serverless.ingest.expected"));
    }

    [Fact]
    public async Task Wait_EndsWhileSomebodyCollects_AndNotLongAfter()
    {
        Task first = _gauges.WaitUntilCollectedAsync(Token);
        bool waited = !first.IsCompleted;
        _measured.Collect();
        await first;
        _time.Advance(IngestGauges.KeptFor);
        Task within = _gauges.WaitUntilCollectedAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        Task after = _gauges.WaitUntilCollectedAsync(Token);

        Assert.True(waited);
        Assert.True(within.IsCompletedSuccessfully);
        Assert.False(after.IsCompleted);
        _measured.Collect();
        await after;
    }

    [Fact]
    public async Task Look_AfterACollection_ShowsLedgersAndBacklogs()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(_servers);
        AssetStores stores = new([store]);
        AssetSource source = await store.UploadAsync("a", "x");
        await new Ledger(stores, _time).UpdateAsync(source, (entry, now) => entry.Begin(1, MediaKind.Text, "a/b", 1, now), Token);
        LedgerViews views = new(stores, _time);
        PipelineHealth health = new(stores, views, new HealthOptions(), _time);
        using IngestLook look = new(_gauges, health, views, _time, NullLogger<IngestLook>.Instance);
        await look.StartAsync(Token);

        await Recorder.UntilAsync(() => Task.FromResult(_measured.Collect().Of("serverless.ingest.expected") is ["store=s3: 1"]));

        Assert.Equal(["queue=uploads store=s3: 1"], _measured.Of("serverless.ingest.backlog.items"));
        await look.StopAsync(Token);
    }
}
