using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Sources;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Ingest.Sources;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Sources;

public sealed class SourceSyncTests(SharedServers servers)
{
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<string> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_BeginsWhatIsNew_PassesOverWhatIsKnown_AndKeepsOutWhatTheFilterDoes()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig, types: ["text"]);
        await media.PutAsync(Token, "1.txt", "2.jpg", "3.txt", "4.txt");
        AssetSource[] found = await FoundAsync(media);
        await rig.Get<DirectIngest>().IngestAsync(found[0], 1, Token);
        Exists(found[2]);

        SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source), Token);

        Assert.Equal(new SyncCounts(Seen: 4, Matched: 3, Begun: 1, Known: 2, Skipped: 1), part.Counts);
        Assert.Equal([found[3].InstanceId()], _started);
        Assert.Null(part.Next);
    }

    [Fact]
    public async Task Run_AtALowRate_EndsAfterItsBurst_AndGoesOnBehindIt_WithNothingTwice()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig, rate: 1);
        await media.PutAsync(Token, [.. Enumerable.Range(0, 8).Select(i => $"{i}.txt")]);

        List<long> begun = [];
        for (SourceCursor? at = new(); at is not null; )
        {
            SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source) with { At = at }, Token);
            begun.Add(part.Counts.Begun);
            at = part.Next;
        }

        Assert.Equal([5, 3], begun);
        Assert.Equal(8, _started.Distinct().Count());
        Assert.Equal(8, _started.Count);
    }

    [Fact]
    public async Task Run_WhileManyUploadsAreUnderWay_BeginsNothing()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "a.txt");
        foreach (int i in Enumerable.Range(0, 32))
        {
            AssetSource upload = new("s3", rig.Bucket.Locate("x").Container, $"media/{i}.txt", "1");
            await rig.Get<Ledger>().UpdateAsync(upload, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 3, now), Token);
        }

        SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source), Token);

        Assert.Equal((true, new SourceCursor()), (part.IsBusy, part.Next));
        Assert.Empty(_started);
    }

    [Fact]
    public async Task Run_WithAnObjectThatCannotBeBegun_NamesIt_AndBeginsTheOthers()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "1.txt", "2.txt");
        AssetSource bad = (await FoundAsync(media))[0];
        _client
            .Setup(client => client.GetInstanceAsync(bad.InstanceId(1), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("The run store is away."));

        SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source), Token);

        Assert.Equal((2, 1, 1), (part.Counts.Matched, part.Counts.Begun, part.Counts.Failed));
        Assert.Equal(["1.txt: The run store is away."], part.Errors);
    }

    [Fact]
    public async Task Run_OfWhatWasErasedBefore_BeginsItsNextRun()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "1.txt");
        AssetSource found = (await FoundAsync(media))[0];
        await rig.Get<DirectIngest>().IngestAsync(found, 1, Token);
        await rig.Get<AssetErasure>().DropAsync("s3", found.AssetId, Token);

        SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source), Token);

        Assert.Equal(1, part.Counts.Begun);
        Assert.Equal([found.InstanceId(2)], _started);
    }

    [Theory]
    [InlineData(SourceState.Paused, 1, "paused by ben")]
    [InlineData(SourceState.Removed, 1, "removed by ben")]
    [InlineData(SourceState.Active, 2, "sync 2 follows, asked for by ben")]
    public async Task Run_OfASourceThatStandsOtherwise_Stops(SourceState state, int sync, string reason)
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await media.PutAsync(Token, "a.txt");
        await rig.Get<SourceBook>().ChangeAsync("s3", source.Name, "ben", one => one with { State = state, Sync = sync }, Token);

        SyncedPart part = await SyncOf(rig).RunAsync(_client.Object, StepOf(source), Token);
        CountedPart counted = await SyncOf(rig).CountAsync(StepOf(source), Token);
        await SyncOf(rig).EndAsync(StepOf(source), Token);

        Assert.Equal((reason, reason), (part.Stopped, counted.Stopped));
        Assert.Empty(_started);
        Assert.Null((await rig.Get<SourceBook>().FindAsync("s3", source.Name, Token))!.Synced);
    }

    [Fact]
    public async Task End_HandsTheSourceOverToTheReconcile()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, _) = await AddAsync(rig);

        await SyncOf(rig).EndAsync(StepOf(source), Token);

        Assert.True((await rig.Get<SourceBook>().FindAsync("s3", source.Name, Token))!.BeginsNew);
    }

    [Fact]
    public async Task Erase_TakesWhatNoOtherSourceCovers_AndLeavesTheObjects()
    {
        await using AssetRig rig = await OpenAsync();
        (MediaSource source, IObjectStore media) = await AddAsync(rig);
        await rig.Get<SourceBook>().AddAsync(source with { Name = "other", Prefixes = ["b/"] }, Token);
        await media.PutAsync(Token, "a/1.txt", "b/2.txt");
        AssetSource[] found = await FoundAsync(media);
        foreach (AssetSource one in found)
        {
            await rig.Get<DirectIngest>().IngestAsync(one, 1, Token);
        }
        MediaSource removed = await rig.Get<SourceBook>()
            .ChangeAsync("s3", source.Name, "ben", one => one with { State = SourceState.Removed, Erases = true }, Token);

        EraseSourcePart erase = new(rig.Get<SourceBook>(), rig.Get<LedgerViews>(), rig.Get<AssetErasure>());
        EraseSourceInput input = new("s3", source.Name, removed.Version);
        ErasedPart[] parts = [await erase.RunAsync(input, Token), await erase.RunAsync(input, Token)];
        ErasedPart former = await erase.RunAsync(input with { Version = 1 }, Token);

        Assert.Equal([new ErasedPart(1, false), new ErasedPart(0, false)], parts);
        Assert.Equal("the source was added anew", former.Stopped);
        Assert.Empty(await rig.Bucket.ListAsync(AssetLayout.Analyses(found[0].AssetId), Token).ToListAsync(Token));
        Assert.NotEmpty(await rig.Bucket.ListAsync(AssetLayout.Analyses(found[1].AssetId), Token).ToListAsync(Token));
        Assert.Equal(2, (await FoundAsync(media)).Length);
    }

    private static SyncStep StepOf(MediaSource source) => new(source.Store, source.Name, source.Sync, new SourceCursor());

    private static async Task<AssetSource[]> FoundAsync(IObjectStore media) =>
        [.. (await media.ListAsync("", Token).ToListAsync(Token)).Select(one => AssetStores.SourceOf(media, one))];

    private void Exists(AssetSource source) =>
        _client
            .Setup(client => client.GetInstanceAsync(source.InstanceId(1), It.IsAny<CancellationToken>()))
            .ReturnsAsync(
                new OrchestrationMetadata(nameof(IngestAsset), source.InstanceId()) { RuntimeStatus = OrchestrationRuntimeStatus.Running }
            );

    private async Task<AssetRig> OpenAsync()
    {
        _client.KeepsStartsIn(_started);
        return await AssetRig.OpenIndexedAsync(servers);
    }

    private async Task<(MediaSource Source, IObjectStore Media)> AddAsync(AssetRig rig, IReadOnlyList<string>? types = null, int rate = 10)
    {
        string bucket = await SourceRig.CreateBucketAsync(servers);
        MediaSource source = await rig.Get<SourceBook>().AddAsync(SourceRig.Source(bucket, types: types, rate: rate), Token);
        return (source, rig.Bucket.In(bucket));
    }

    private static SourceSync SyncOf(AssetRig rig) =>
        new(
            rig.Get<AssetStores>(),
            rig.Get<SourceBook>(),
            rig.Get<SourceListing>(),
            rig.Get<LedgerViews>(),
            rig.Get<Ledger>(),
            new UploadMending(
                rig.Get<AssetStores>(),
                rig.Get<Ledger>(),
                rig.Get<AssetIndex>(),
                new ReconcileOptions(),
                TimeProvider.System
            ),
            NullLogger<SourceSync>.Instance
        );
}
