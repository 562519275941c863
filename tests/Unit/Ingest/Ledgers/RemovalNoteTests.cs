using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class RemovalNoteTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, ObjectRemains.Unknown, RemovalKind.Untold)]
    [InlineData(null, null, ObjectRemains.None, RemovalKind.Permanent)]
    [InlineData(null, null, ObjectRemains.Versions, RemovalKind.Marker)]
    [InlineData(true, "m1", ObjectRemains.Unknown, RemovalKind.Marker)]
    [InlineData(false, null, ObjectRemains.Unknown, RemovalKind.Permanent)]
    [InlineData(false, "v1", ObjectRemains.Unknown, RemovalKind.Untold)]
    [InlineData(false, "v1", ObjectRemains.None, RemovalKind.Permanent)]
    [InlineData(true, "m1", ObjectRemains.None, RemovalKind.Permanent)]
    public void Kind_IsWhatTheStoreKnows_ElseWhatTheEventSays(bool? isMarker, string? version, ObjectRemains remains, RemovalKind kind) =>
        Assert.Equal(kind, ToldRemoval.KindOf(isMarker is { } marker ? new ToldRemoval(marker, version) : null, remains));

    [Fact]
    public void With_TheSameNoteTwice_IsOne_AndWhatWasNeverRemovedIsNotBack()
    {
        LedgerDocument document = new("a", "s3", "b", "k", []);
        RemovalNote marker = new(Start, RemovalKind.Marker, "m1"),
            old = new(Start, RemovalKind.OldVersion, "v1"),
            back = new(Start, RemovalKind.Returned);

        Assert.Same(document, document.With(back));
        Assert.Equal([marker, old, back], document.With(marker).With(old).With(marker).With(back).With(back).Removals);
    }

    [Fact]
    public void With_ManyNotes_ForgetsTheOldest()
    {
        LedgerDocument document = new("a", "s3", "b", "k", []);
        foreach (int i in Enumerable.Range(0, LedgerDocument.RememberedRemovals + 3))
        {
            document = document.With(new RemovalNote(Start, RemovalKind.OldVersion, $"v{i}"));
        }

        Assert.Equal((LedgerDocument.RememberedRemovals, "v3"), (document.Removals!.Count, document.Removals[0].VersionId));
    }

    /// <summary>In the order of a bucket with versions: a marker, the marker's removal, an old version's removal.</summary>
    [Fact]
    public async Task Forget_ByAMarker_AndItsRemoval_BringsTheAssetBack_AndAnOldVersionsRemovalIsNoted()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        DirectIngest ingest = rig.Get<DirectIngest>();
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        await ingest.IngestAsync(source, 1, Token);
        await rig.Bucket.DeleteAsync(source.Key, Token);

        Assert.True(await ForgetAsync(new ToldRemoval(IsMarker: true, "m1")));
        Assert.Equal(AssetState.Gone, (await AssetAsync()).Newest!.State);
        await rig.Bucket.UploadAsync("a.txt", "The harbour was closed."); // the same bytes: the same version, as the one behind a marker
        Assert.False(await ForgetAsync(new ToldRemoval(IsMarker: false, "m1")));
        Assert.False(await ForgetAsync(new ToldRemoval(IsMarker: false, "v0")));
        Assert.False(await ForgetAsync(new ToldRemoval(IsMarker: false, "v0")));

        LedgerDocument asset = await AssetAsync();
        Assert.Equal(AssetState.Processed, asset.Newest!.State);
        Assert.Equal(
            [(RemovalKind.Marker, "m1"), (RemovalKind.Returned, "m1"), (RemovalKind.OldVersion, "v0")],
            asset.Removals!.Select(note => (note.Kind, note.VersionId!))
        );

        Task<bool> ForgetAsync(ToldRemoval told) => ingest.ForgetAsync("s3", source.Container, source.Key, Token, told);
        async Task<LedgerDocument> AssetAsync() => (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!;
    }
}
