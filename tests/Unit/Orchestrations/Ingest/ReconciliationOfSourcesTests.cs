using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Sources;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Runs;
using Serverless.Unit.Ingest;
using Serverless.Unit.Ingest.Sources;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>Of buckets and containers that were added while the app ran.</summary>
public sealed class ReconciliationOfSourcesTests(SharedServers servers)
{
    private readonly ReconcileRun _run = new(servers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OfASourceThatWasSynced_BeginsWhatIsNew_AndForgetsWhatIsGone()
    {
        await using AssetRig rig = await _run.OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "a.txt", "b.txt", "c.jpg");
        AssetSource[] found = [.. (await media.ListAsync("", Token).ToListAsync(Token)).Select(one => AssetStores.SourceOf(media, one))];
        await rig.Get<DirectIngest>().IngestAsync(found[0], 1, Token);
        await media.DeleteAsync("a.txt", Token);

        ReconcileReport before = await _run.RunAsync(rig);
        await SyncedAsync(rig, source);
        ReconcileReport after = await _run.RunAsync(rig);

        Assert.Equal((0, 1), (before.Started, before.Gone)); // the sync begins what is new until its end
        Assert.Equal((1, 1), (after.Started, after.Listed));
        Assert.Equal([found[1].InstanceId()], _run.Started);
        Assert.Equal(AssetState.Gone, (await ReconcileRun.EntryAsync(rig, found[0])).State);
        SourceCounting counting = new(rig.Get<LedgerViews>(), rig.Get<SourceBook>(), TimeProvider.System);
        // What was counted a moment ago is told again.
        SourceCounts counted = new(Expected: 1, Missing: 1, Deleted: 1);
        await Recorder.UntilAsync(async () => (await counting.CountAsync(Token))[("s3", source.Name)] == counted);
    }

    [Fact]
    public async Task Run_OfAnObjectThatTwoSourcesCover_BeginsItOnce()
    {
        await using AssetRig rig = await _run.OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await rig.Get<SourceBook>().AddAsync(source with { Name = "same" }, Token);
        await SyncedAsync(rig, source);
        await SyncedAsync(rig, source with { Name = "same" });
        await media.PutAsync(Token, "a.txt");

        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal((1, 1), (report.Started, report.Listed));
        Assert.Single(_run.Started);
    }

    [Fact]
    public async Task Run_OfASourceThatCannotBeListed_ForgetsNothingOfIt_AndMendsTheRest()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource upload = await rig.Bucket.UploadAsync("a.txt", ReconcileRun.Text);
        AssetSource lost = new("s3", "bucket-that-was-there", "a.txt", "1");
        await rig.Get<Ledger>().UpdateAsync(lost, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 3, now), Token);
        using Stream document = StoredJson.Write(SourceRig.Source("bucket-that-was-there") with { Synced = SourceRig.Created }).ToStream();
        await rig.Bucket.WriteAsync("sources/archive.json", document, WriteCondition.Always, StoredJson.ContentType, Token);

        ReconcileReport report = await _run.RunAsync(rig);

        Assert.Equal((1, 0), (report.Started, report.Gone));
        Assert.Equal([upload.InstanceId()], _run.Started);
        Assert.Equal(AssetState.Processing, (await ReconcileRun.EntryAsync(rig, lost)).State);
    }

    [Fact]
    public async Task Run_WithASourceWhoseSyncNeverStarted_StartsIt()
    {
        await using AssetRig rig = await _run.OpenAsync();
        (MediaSource source, _) = await AddAsync(rig);
        List<string> syncs = [];
        _run.Client.Setup(client =>
                client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(SyncSource),
                    It.IsAny<object>(),
                    It.IsAny<StartOrchestrationOptions>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .Callback((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) => syncs.Add(options!.InstanceId!))
            .ReturnsAsync("started");

        await _run.RunAsync(rig);
        await SyncedAsync(rig, source);
        await _run.RunAsync(rig);

        Assert.Equal([$"sync-s3-{source.Name}-1"], syncs);
    }

    private async Task<(MediaSource Source, IObjectStore Media)> AddAsync(AssetRig rig)
    {
        string bucket = await SourceRig.CreateBucketAsync(servers);
        MediaSource source = await rig.Get<SourceBook>().AddAsync(SourceRig.Source(bucket, types: ["text"]), Token);
        return (source, rig.Bucket.In(bucket));
    }

    private static Task SyncedAsync(AssetRig rig, MediaSource source) =>
        rig.Get<SourceBook>().NoteAsync("s3", source.Name, _ => true, (one, now) => one with { Synced = now }, Token);
}
