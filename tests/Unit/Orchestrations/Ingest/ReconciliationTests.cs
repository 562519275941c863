using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
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

public sealed class ReconciliationTests(SharedServers servers)
{
    private const string Text = "The harbour of Port Alder was closed.";

    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<string> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithUploadsThatNoEventToldOf_StartsEachOnce()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource first = await rig.Bucket.UploadAsync("a.txt", Text);
        AssetSource second = await rig.Bucket.UploadAsync("b.txt", Text);

        ReconcileReport report = await RunAsync(rig);

        Assert.Equal((2, 2), (report.Listed, report.Started));
        Assert.Equal(new[] { first.InstanceId(), second.InstanceId() }.Order(), _started.Order());
        Assert.Equal(AssetState.Expected, (await EntryAsync(rig, first)).State);
    }

    [Fact]
    public async Task Run_WhereOneStoreIsAway_MendsTheOthers_AndNamesIt()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        Mock<IObjectStore> away = new(MockBehavior.Strict);
        away.SetupGet(store => store.Name).Returns("azure");
        AssetStores stores = new([away.Object, .. rig.Get<AssetStores>().All]);

        var fault = await Assert.ThrowsAsync<AggregateException>(() => RunAsync(rig, stores: stores));

        Assert.Equal([source.InstanceId()], _started);
        string named = Assert.Single(fault.InnerExceptions).Message;
        Assert.StartsWith("Store 'azure' could not be reconciled: ", named, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithTheMarkOfAFolder_StartsNothing_AndForgetsWhatStandsForIt()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource mark = await rig.Bucket.UploadAsync("folder/", "");
        await rig.Get<DirectIngest>().IngestAsync(mark, 1, Token);

        ReconcileReport report = await RunAsync(rig);

        Assert.Equal((0, 0, 1), (report.Listed, report.Started, report.Gone));
        Assert.Empty(_started);
    }

    [Fact]
    public async Task Run_WithAnUploadYoungerThanTheGrace_LeavesItToItsEvent()
    {
        await using AssetRig rig = await OpenAsync();
        await rig.Bucket.UploadAsync("a.txt", Text);

        ReconcileReport report = await RunAsync(rig, grace: TimeSpan.FromMinutes(1));

        Assert.Equal((1, 0), (report.TooYoung, report.Started));
    }

    [Fact]
    public async Task Run_WithAResultThatWasNotAnnounced_IndexesItOnce()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        ReconcileReport[] reports = [await RunAsync(rig), await RunAsync(rig)];

        Assert.Equal([1, 0], reports.Select(report => report.Indexed));
        Assert.True(rig.Get<AssetIndex>().Knows(source.AssetId, source.VersionId));
        Assert.Empty(_started);
    }

    [Fact]
    public async Task Run_AfterADeletion_ForgetsTheAsset()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await RunAsync(rig);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);

        ReconcileReport[] reports = [await RunAsync(rig), await RunAsync(rig)];

        Assert.Equal([1, 0], reports.Select(report => report.Gone));
        Assert.False(rig.Get<AssetIndex>().Holds(source.AssetId));
        Assert.Empty(await rig.Bucket.ListAsync(AssetLayout.Analyses(source.AssetId), Token).ToListAsync(Token));
        Assert.Equal(AssetState.Gone, (await EntryAsync(rig, source)).State);
    }

    [Fact]
    public async Task Run_WithARunThatEndedWithoutAResult_StartsTheNext()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await BeginAsync(rig);
        Exists(source.InstanceId(), OrchestrationRuntimeStatus.Failed);

        ReconcileReport report = await RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _started);
    }

    /// <summary>A Lambda function that it ended each time; the attempts of another run would be counted from the beginning.</summary>
    [Fact]
    public async Task Run_WithWorkThatNoRunKnows_GoesOnAsItsRun()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await BeginAsync(rig);

        ReconcileReport report = await RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(1)], _started);
    }

    [Fact]
    public async Task Run_WithARunAtWork_LeavesIt()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await BeginAsync(rig);
        Exists(source.InstanceId());

        ReconcileReport report = await RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(new ReconcileReport("s3", Listed: 1), report);
    }

    [Fact]
    public async Task Run_WithARunWhoseAnswerWasLost_AnswersIt()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await BeginAsync(rig);
        Exists(source.InstanceId());
        using MemoryStream analysis = new("{}"u8.ToArray());
        await rig.Bucket.WriteAsync(
            AssetLayout.Analysis(source.AssetId, source.VersionId),
            analysis,
            WriteCondition.Always,
            "application/json",
            Token
        );

        ReconcileReport report = await RunAsync(rig, stuckAfter: TimeSpan.Zero);

        Assert.Equal(1, report.Answered);
        _client.Verify(
            client =>
                client.RaiseEventAsync(
                    source.InstanceId(),
                    GpuCompletionMessage.EventName,
                    It.IsAny<GpuCompletionMessage>(),
                    It.IsAny<CancellationToken>()
                ),
            Times.Once
        );
    }

    [Fact]
    public async Task Run_WithALedgerEntryThatWasLost_BeginsTheNextRunAtOnce()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        Exists(source.InstanceId(1), OrchestrationRuntimeStatus.Completed);
        Exists(source.InstanceId(2), OrchestrationRuntimeStatus.Failed);

        ReconcileReport report = await RunAsync(rig, grace: TimeSpan.FromHours(1));

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(3)], _started);
    }

    [Fact]
    public async Task Run_WithALedgerThatWasSetBack_BeginsTheNextRunAtOnce()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await BeginAsync(rig);
        Exists(source.InstanceId(), OrchestrationRuntimeStatus.Completed);

        ReconcileReport report = await RunAsync(rig);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _started);
    }

    [Fact]
    public async Task Run_WithAnAnalysisThatWasLost_HasItMadeAgain()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Bucket.DeleteAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), Token);

        ReconcileReport report = await RunAsync(rig);
        await rig.Get<DirectIngest>().IngestAsync(source, 2, Token);

        Assert.Equal(1, report.Started);
        Assert.Equal([source.InstanceId(2)], _started);
        Assert.Equal(AssetState.Processed, (await EntryAsync(rig, source)).State);
        Assert.NotNull(await rig.Bucket.FindAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), Token));
    }

    [Fact]
    public async Task Run_OfAStoreThatWasSetBack_NamesWhatOnlyRunsKnow()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource there = await rig.Bucket.UploadAsync("there.txt", Text);
        AssetSource deleted = await rig.Bucket.UploadAsync("deleted.txt", Text);
        await rig.Get<Ledger>().UpdateAsync(deleted, (entry, now) => entry.Vanish(now), Token);
        await rig.Bucket.DeleteAsync("media/deleted.txt", Token);
        AssetSource lost = there with { Key = "media/lost.txt" };
        UnorderedRuns runs = new([
            RunOf(there),
            RunOf(deleted),
            RunOf(lost),
            RunOf(lost with { Version = "2" }),
            RunOf(there with { Key = "media/before.txt" }, DateTimeOffset.UnixEpoch),
        ]);
        _client.Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns<OrchestrationQuery>(runs.List);

        ReconcileReport asked = await RunAsync(rig, lostSince: DateTimeOffset.UnixEpoch.AddDays(1));
        ReconcileReport notAsked = await RunAsync(rig);

        Assert.Equal(["media/lost.txt"], asked.Lost);
        Assert.Null(notAsked.Lost);
    }

    [Fact]
    public async Task Run_OfASourceThatWasSynced_BeginsWhatIsNew_AndForgetsWhatIsGone()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "a.txt", "b.txt", "c.jpg");
        AssetSource[] found = [.. (await media.ListAsync("", Token).ToListAsync(Token)).Select(one => AssetStores.SourceOf(media, one))];
        await rig.Get<DirectIngest>().IngestAsync(found[0], 1, Token);
        await media.DeleteAsync("a.txt", Token);

        ReconcileReport before = await RunAsync(rig);
        await SyncedAsync(rig, source);
        ReconcileReport after = await RunAsync(rig);

        Assert.Equal((0, 1), (before.Started, before.Gone)); // the sync begins what is new until its end
        Assert.Equal((1, 1), (after.Started, after.Listed));
        Assert.Equal([found[1].InstanceId()], _started);
        Assert.Equal(AssetState.Gone, (await EntryAsync(rig, found[0])).State);
        SourceCounting counting = new(rig.Get<LedgerViews>(), rig.Get<SourceBook>(), TimeProvider.System);
        // What was counted a moment ago is told again.
        SourceCounts counted = new(Expected: 1, Missing: 1, Deleted: 1);
        await Recorder.UntilAsync(async () => (await counting.CountAsync(Token))[("s3", source.Name)] == counted);
    }

    [Fact]
    public async Task Run_OfAnObjectThatTwoSourcesCover_BeginsItOnce()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await rig.Get<SourceBook>().AddAsync(source with { Name = "same" }, Token);
        await SyncedAsync(rig, source);
        await SyncedAsync(rig, source with { Name = "same" });
        await media.PutAsync(Token, "a.txt");

        ReconcileReport report = await RunAsync(rig);

        Assert.Equal((1, 1), (report.Started, report.Listed));
        Assert.Single(_started);
    }

    [Fact]
    public async Task Run_OfASourceThatCannotBeListed_ForgetsNothingOfIt_AndMendsTheRest()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource upload = await rig.Bucket.UploadAsync("a.txt", Text);
        AssetSource lost = new("s3", "bucket-that-was-there", "a.txt", "1");
        await rig.Get<Ledger>().UpdateAsync(lost, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 3, now), Token);
        using Stream document = StoredJson.Write(SourceRig.Source("bucket-that-was-there") with { Synced = SourceRig.Created }).ToStream();
        await rig.Bucket.WriteAsync("sources/archive.json", document, WriteCondition.Always, StoredJson.ContentType, Token);

        ReconcileReport report = await RunAsync(rig);

        Assert.Equal((1, 0), (report.Started, report.Gone));
        Assert.Equal([upload.InstanceId()], _started);
        Assert.Equal(AssetState.Processing, (await EntryAsync(rig, lost)).State);
    }

    [Fact]
    public async Task Run_WithASourceWhoseSyncNeverStarted_StartsIt()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, _) = await AddAsync(rig);
        List<string> syncs = [];
        _client
            .Setup(client =>
                client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(SyncSource),
                    It.IsAny<object>(),
                    It.IsAny<StartOrchestrationOptions>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .Callback((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) => syncs.Add(options!.InstanceId!))
            .ReturnsAsync("started");

        await RunAsync(rig);
        await SyncedAsync(rig, source);
        await RunAsync(rig);

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

    [Fact]
    public async Task AnErasedAsset_ThatComesBackWithARestoredStore_IsErasedAgain_AndANewUploadOfItsNameStays()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource secret = await IngestAsync(rig, "carol.txt");
        AssetSource anew = await IngestAsync(rig, "anew.txt");
        Dictionary<string, BinaryData> backup = [];
        await foreach (StoredObject kept in rig.Bucket.ListAsync("", Token))
        {
            backup[kept.Path] = (await rig.Bucket.ReadAsync(kept.Path, 16 << 20, Token))!.Data;
        }
        foreach (AssetSource one in new[] { secret, anew })
        {
            await rig.Get<AssetErasure>().EraseAsync((await rig.Get<Ledger>().ReadAsync("s3", one.AssetId, Token))!, "ana", Token);
        }
        anew = await IngestAsync(rig, "anew.txt");
        foreach ((string path, BinaryData content) in backup.Where(one => !one.Key.Contains(anew.AssetId, StringComparison.Ordinal)))
        {
            if (!path.Contains("anew", StringComparison.Ordinal))
            {
                await rig.Bucket.WriteAsync(path, content.ToStream(), WriteCondition.Always, "application/octet-stream", Token);
            }
        }

        ReconcileReport first = await RunAsync(rig);
        ReconcileReport second = await RunAsync(rig);

        Assert.Equal((1, 0), (first.Erased, second.Erased));
        Assert.Null(await rig.Bucket.FindAsync("media/carol.txt", Token));
        Assert.Null(await rig.Get<Ledger>().ReadAsync("s3", secret.AssetId, Token));
        Assert.Empty(await rig.Bucket.ListAsync(AssetLayout.Analyses(secret.AssetId), Token).ToListAsync(Token));
        Assert.Equal(AssetState.Processed, (await EntryAsync(rig, anew)).State);
        Assert.DoesNotContain(secret.InstanceId(1), _started);
    }

    private static async Task<AssetSource> IngestAsync(AssetRig rig, string name)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, "Carol Winter lives in Quillhaven.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        return source;
    }

    private static OrchestrationMetadata RunOf(AssetSource source, DateTimeOffset? created = null) =>
        new(nameof(IngestAsset), source.InstanceId())
        {
            CreatedAt = created ?? DateTimeOffset.UnixEpoch.AddDays(2),
            SerializedInput = JsonDataConverter.Default.Serialize(new IngestInput(source, 1)),
            DataConverter = JsonDataConverter.Default,
        };

    private async Task<AssetRig> OpenAsync()
    {
        _client.KeepsStartsIn(_started);
        return await AssetRig.OpenIndexedAsync(servers);
    }

    private void Exists(string instance, OrchestrationRuntimeStatus status = OrchestrationRuntimeStatus.Running) =>
        _client
            .Setup(client => client.GetInstanceAsync(instance, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new OrchestrationMetadata(nameof(IngestAsset), instance) { RuntimeStatus = status });

    private async Task<ReconcileReport> RunAsync(
        AssetRig rig,
        TimeSpan? grace = null,
        TimeSpan? stuckAfter = null,
        DateTimeOffset? lostSince = null,
        AssetStores? stores = null
    )
    {
        ReconcileOptions options = new() { Grace = TimeSpan.Zero, StuckAfter = stuckAfter ?? TimeSpan.FromMinutes(15) };
        Reconciliation reconciliation = new(
            stores ?? rig.Get<AssetStores>(),
            stores is null ? rig.Get<LedgerViews>() : new LedgerViews(stores, TimeProvider.System),
            rig.Get<AssetIndex>(),
            rig.Get<AssetErasure>(),
            rig.Get<SidecarRevision>(),
            new LostUploads(rig.Get<AssetStores>(), rig.Get<Ledger>()),
            rig.Get<SourceBook>(),
            rig.Get<SourceListing>(),
            new UploadMending(rig.Get<AssetStores>(), rig.Get<Ledger>(), rig.Get<AssetIndex>(), options, TimeProvider.System),
            options,
            TimeProvider.System,
            NullLogger<Reconciliation>.Instance
        );
        return Assert.Single(await reconciliation.RunAsync(_client.Object, grace, lostSince, Token));
    }

    private static async Task<AssetSource> BeginAsync(AssetRig rig)
    {
        AssetSource source = await rig.Bucket.UploadAsync("a.mp4", [1, 2, 3]);
        await rig.Get<Ledger>().UpdateAsync(source, (entry, now) => entry.Begin(1, MediaKind.Video, "video/mp4", 3, now), Token);
        return source;
    }

    private static async Task<LedgerEntry> EntryAsync(AssetRig rig, AssetSource source) =>
        (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!.Find(source.VersionId)!;
}
