using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>Objects that cannot be read until they are restored, or are back.</summary>
public sealed class UploadMendingTests(SharedServers servers)
{
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<string> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_OfAnArchivedObject_WaitsUntilItIsRestored()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        StoredObject archived = await FindAsync(rig, source) with { StorageClass = "GLACIER", IsArchived = true };
        Failure failure = new(FailureKind.Archived, "archived", Retryable: false);
        await rig.Get<Ledger>()
            .UpdateAsync(source, (known, now) => known.Begin(1, null, "a/b", 5, now).InClass("GLACIER").Quarantine(failure, 1, now), Token);

        bool[] begun =
        [
            await BeginAsync(rig, source, archived),
            await BeginAsync(rig, source, archived with { IsArchived = false }), // a copy that S3 keeps for a while
        ];

        Assert.Equal([false, true], begun);
        Assert.Equal([source.InstanceId(2)], _started);
    }

    [Fact]
    public async Task Begin_OfAnObjectWhoseClassChanged_NotesTheClassAlone()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);

        bool begun = await BeginAsync(rig, source, await FindAsync(rig, source) with { StorageClass = "STANDARD_IA" });

        LedgerEntry entry = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!.Newest!;
        Assert.Equal((false, "STANDARD_IA", AssetState.Processed), (begun, entry.StorageClass, entry.State));
        Assert.Empty(_started);
    }

    /// <summary>As it is where a function without an index gave it up.</summary>
    [Fact]
    public async Task Begin_OfAVersionInQuarantine_TakesWhatItReplacedOutOfTheIndex()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        AssetSource refused = await rig.Bucket.UploadAsync("a.txt", [0, 1, 2, 0xFF]);
        Failure failure = new(FailureKind.Unsupported, "no type", Retryable: false);
        await rig.Get<Ledger>()
            .UpdateAsync(refused, (known, now) => known.Begin(1, null, "a/b", 4, now).Quarantine(failure, 1, now), Token);
        bool before = rig.Get<AssetIndex>().Holds(source.AssetId);

        await BeginAsync(rig, refused, await FindAsync(rig, refused));

        Assert.True(before);
        Assert.False(rig.Get<AssetIndex>().Holds(source.AssetId));
        Assert.Empty(_started);
    }

    [Fact]
    public async Task Begin_OfAnObjectThatIsBack_NotesItAndBeginsItsNextRun()
    {
        await using AssetRig rig = await OpenAsync();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        StoredObject stored = await FindAsync(rig, source);
        await rig.Bucket.DeleteAsync(source.Key, Token);
        await rig.Get<AssetErasure>().ForgetAsync("s3", source.Container, source.Key, Token);

        Assert.True(await BeginAsync(rig, source, stored));

        LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!;
        Assert.Equal([RemovalKind.Untold, RemovalKind.Returned], asset.Removals!.Select(note => note.Kind));
        Assert.Equal([source.InstanceId(2)], _started);
    }

    [Fact]
    public async Task Ingest_OfAnArchivedBlob_IsGivenUpByName_AndSucceedsOnceItIsRestored()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync($"archived-{Guid.NewGuid():N}.txt", "The harbour was closed.");
        BlobClient blob = new BlobServiceClient((await servers.Azurite).Options.ConnectionString)
            .GetBlobContainerClient(source.Container)
            .GetBlobClient(source.Key);
        await blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Token);

        AssetState archived = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;
        LedgerEntry given = await EntryAsync();
        await blob.SetAccessTierAsync(AccessTier.Hot, cancellationToken: Token);
        AssetState[] after =
        [
            (await rig.Get<DirectIngest>().IngestRestoredAsync(source, 1, Token)).State,
            (await rig.Get<DirectIngest>().IngestRestoredAsync(source, 2, Token)).State, // the event again
        ];

        Assert.Equal((AssetState.Quarantined, FailureKind.Archived, "Archive"), (archived, given.Failure!.Kind, given.StorageClass));
        Assert.Contains("restore it first", given.Failure.Message);
        Assert.Equal([AssetState.Processed, AssetState.Processed], after);
        Assert.Equal(2, (await EntryAsync()).Run);

        async Task<LedgerEntry> EntryAsync() => (await rig.Get<Ledger>().ReadAsync("azure", source.AssetId, Token))!.Newest!;
    }

    private async Task<AssetRig> OpenAsync()
    {
        _client.KeepsStartsIn(_started);
        return await AssetRig.OpenIndexedAsync(servers);
    }

    private static async Task<StoredObject> FindAsync(AssetRig rig, AssetSource source) => (await rig.Bucket.FindAsync(source.Key, Token))!;

    private async Task<bool> BeginAsync(AssetRig rig, AssetSource source, StoredObject stored)
    {
        LedgerEntry? entry = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))?.Newest;
        UploadMending mending = new(
            rig.Get<AssetStores>(),
            rig.Get<Ledger>(),
            rig.Get<AssetIndex>(),
            new ReconcileOptions(),
            TimeProvider.System
        );
        return await mending.BeginAsync(_client.Object, source, stored, entry, Token);
    }
}
