using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class AssetIndexTests(SharedServers servers)
{
    private static readonly VectorSpace Texts = new("texts-1-abc", 2);
    private static readonly VectorSpace Images = new("images-1-abc", 3);
    private static readonly VectorSpace Next = new("texts-2-def", 1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_AnAnalysedVersion_IsFoundHereAndAfterARestart()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource source = await AnalyseAsync(store, "a", 1, [1, 0]);

        bool added = await index.AddAsync(source, Token);
        AssetIndex restarted = await LoadAsync(store);

        Assert.True(added);
        Assert.True(index.Knows(source.AssetId, source.VersionId));
        Assert.True(restarted.Knows(source.AssetId, source.VersionId));
        Assert.Equal("char=0,5", Assert.Single(await SearchTextAsync(restarted, [1, 0], "text")).Place);
        Assert.Empty(await SearchTextAsync(restarted, [1, 0], "image"));
    }

    [Fact]
    public async Task Add_OfAnOlderVersionLate_ChangesNothing()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource old = await AnalyseAsync(store, "a", 1, [1, 0]);
        AssetSource current = await AnalyseAsync(store, "a", 2, [0, 1]);

        await index.AddAsync(current, Token);
        await index.AddAsync(old, Token);

        Assert.Equal(current.VersionId, Assert.Single(await SearchTextAsync(index, [0, 1])).Version);
        Assert.Equal(current.VersionId, Assert.Single(await SearchTextAsync(await LoadAsync(store), [0, 1])).Version);
    }

    [Fact]
    public async Task Add_OfAnImage_IsFoundInBothSpaces_AndByNeitherOnceItIsAText()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        await index.AddAsync(await AnalyseAsync(store, "a", 1, [1, 0], image: [1, 0, 0]), Token);
        int found = (await SearchImageAsync(index, [1, 0, 0])).Count;

        await index.AddAsync(await AnalyseAsync(store, "a", 2, [0, 1]), Token);

        Assert.Equal(1, found);
        Assert.Empty(await SearchImageAsync(index, [1, 0, 0]));
    }

    [Fact]
    public async Task Add_OfWhatOtherModelsMade_IsFalse()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);

        Assert.False(await index.AddAsync(new AssetSource("s3", "bucket", "media/a", "1"), Token));
    }

    [Fact]
    public async Task Add_OfALaterRevision_TakesThePlaceOfTheVectorsBefore()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource source = await AnalyseAsync(store, "a", 1, [1, 0]);
        await index.AddAsync(source, Token);

        await AnalyseAsync(store, "a", 1, [0, 1], revision: 2);
        await index.AddAsync(source, Token);

        VectorHit found = Assert.Single(await SearchTextAsync(index, [0, 1]));
        Assert.Equal((source.VersionId, 1f), (found.Version, found.Score));
        Assert.True(index.Knows(source.AssetId, source.VersionId));
        Assert.Equal(1f, Assert.Single(await SearchTextAsync(await LoadAsync(store), [0, 1])).Score);
    }

    /// <summary>A model is promoted: what is uploaded meanwhile is written to both spaces, the rest is missing in the new one.</summary>
    [Fact]
    public async Task Hold_OfASecondSpaceOfTexts_CoversWhatHasVectorsInBoth()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource old = await AnalyseAsync(store, "a", 1, [1, 0]);
        await index.AddAsync(old, Token);
        await index.HoldAsync(ModelRole.TextEmbedding, Next, Token);
        double? before = index.CoverageOf(Next.Name, Texts.Name, 0);
        AssetSource both = await AnalyseAsync(store, "b", 1, [0, 1], next: [1]);
        await index.AddAsync(both, Token);

        Assert.Equal((0.0, 0.5), (before, index.CoverageOf(Next.Name, Texts.Name, 0)));
        Assert.Equal([old.AssetId], index.Missing(Next.Name, Texts.Name));
        Assert.Equal(1, index.CoverageOf(Texts.Name, Next.Name, 0));

        await AnalyseAsync(store, "a", 1, [1, 0], next: [-1], revision: 2);
        await index.AddAsync(old, Token);
        Assert.Equal(1, index.CoverageOf(Next.Name, Texts.Name, 0));
    }

    [Fact]
    public async Task DeleteUnheld_DeletesTheSpacesThatNothingNames_OnceTheyAreOld()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        await index.HoldAsync(ModelRole.TextEmbedding, Next, Token);
        await index.AddAsync(await AnalyseAsync(store, "a", 1, [1, 0], next: [1]), Token);
        index.Drop(Texts.Name);

        await index.DeleteUnheldAsync(TimeSpan.FromHours(1), Token);
        int young = await store.ListAsync("index/", Token).CountAsync(Token);
        await index.DeleteUnheldAsync(TimeSpan.Zero, Token);

        Assert.Equal(2, young);
        StoredObject left = Assert.Single(await store.ListAsync("index/", Token).ToListAsync(Token));
        Assert.StartsWith($"index/{Next.Name}/", left.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_SurvivesARestart()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource source = await AnalyseAsync(store, "a", 1, [1, 0]);
        await index.AddAsync(source, Token);

        await index.RemoveAsync(source.AssetId, source.VersionId, Token);

        Assert.False(index.Holds(source.AssetId));
        Assert.False((await LoadAsync(store)).Holds(source.AssetId));
    }

    [Fact]
    public async Task Refresh_OfASecondInstance_SeesWhatTheFirstAdded()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex first = await LoadAsync(store);
        AssetIndex second = await LoadAsync(store);
        AssetSource source = await AnalyseAsync(store, "a", 1, [1, 0]);
        await first.AddAsync(source, Token);

        await second.RefreshAsync(Token);

        Assert.True(second.Knows(source.AssetId, source.VersionId));
    }

    [Fact]
    public async Task CatchUp_OfASecondInstance_SeesWhatTheFirstAddedAndRemoved()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex first = await LoadAsync(store);
        AssetIndex second = await LoadAsync(store);
        AssetSource source = await AnalyseAsync(store, "a", 1, [1, 0]);

        await first.AddAsync(source, Token);
        await second.CatchUpAsync(Token);
        int found = (await SearchTextAsync(second, [1, 0])).Count;
        await first.RemoveAsync(source.AssetId, source.VersionId, Token);
        await second.CatchUpAsync(Token);

        Assert.Equal(1, found);
        Assert.Empty(await SearchTextAsync(second, [1, 0]));
    }

    /// <summary>Another instance holds it, or a promotion fills it, of which this one has yet to hear.</summary>
    [Fact]
    public async Task Erase_LeavesSpacesThatThisInstanceDoesNotHold_AndNothingOfTheAssetInThem()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex filling = await LoadAsync(store);
        await filling.HoldAsync(ModelRole.TextEmbedding, Next, Token);
        AssetSource gone = await AnalyseAsync(store, "a", 1, [1, 0], next: [1]);
        AssetSource stays = await AnalyseAsync(store, "b", 1, [0, 1], next: [-1]);
        await Task.WhenAll(filling.AddAsync(gone, Token), filling.AddAsync(stays, Token));
        AssetIndex index = await LoadAsync(store);

        await index.RemoveAsync(gone.AssetId, gone.VersionId, Token);
        await index.EraseAsync(gone.AssetId, Token);
        await filling.CatchUpAsync(Token);

        Assert.Equal((false, true), (filling.Holds(Next.Name, gone.AssetId), filling.Holds(Next.Name, stays.AssetId)));
        Assert.Equal(["b", "b"], (await StoredAsync(store, gone, stays)).Order());
    }

    [Fact]
    public async Task Drop_WhileSegmentsAreMerged_BreaksThatOff_AndWritesNothingMore()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        InterruptedStore store = new(bucket, "index/");
        AssetIndex index = await LoadAsync(store);
        AssetSource[] sources = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AnalyseAsync(bucket, $"a{i}", 1, [1, i])));
        foreach (AssetSource source in sources)
        {
            await index.AddAsync(source, Token);
        }
        store.Before(() =>
        {
            index.Drop(Texts.Name);
            return Task.CompletedTask;
        });

        await index.RefreshAsync(Token);
        await index.AddAsync(sources[0], Token);

        Assert.DoesNotContain(Texts.Name, index.Spaces);
        Assert.Empty(await SearchTextAsync(index, [1, 0], kind: "image"));
        Assert.DoesNotContain(await bucket.ListAsync("index/", Token).ToListAsync(Token), segment =>
            segment.Path.Contains("merged-", StringComparison.Ordinal)
        );
    }

    /// <summary>The erasure finds the segments as they were, and the merge has read them before.</summary>
    [Fact]
    public async Task Erase_WhileAnotherInstanceMerges_LeavesNothingInWhatIsMerged()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        InterruptedStore store = new(bucket, "index/");
        AssetIndex merging = await LoadAsync(store);
        AssetIndex erasing = await LoadAsync(bucket);
        AssetSource[] sources = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AnalyseAsync(bucket, $"a{i}", 1, [1, i])));
        foreach (AssetSource source in sources)
        {
            await merging.AddAsync(source, Token);
        }
        await erasing.CatchUpAsync(Token);
        store.Before(async () =>
        {
            await erasing.RemoveAsync(sources[7].AssetId, sources[7].VersionId, Token);
            await erasing.EraseAsync(sources[7].AssetId, Token);
        });

        await merging.RefreshAsync(Token);
        await erasing.CatchUpAsync(Token);

        Assert.False(merging.Holds(sources[7].AssetId));
        Assert.False(erasing.Holds(sources[7].AssetId));
        Assert.Equal(
            sources.Except([sources[7]]).Select(source => source.Key["media/".Length..]).Order(),
            (await StoredAsync(bucket, sources)).Order()
        );
    }

    /// <summary>Under a name of its own: a merge that has read the one before deletes that.</summary>
    [Fact]
    public async Task Add_OfALaterRevision_WhileAnotherInstanceMerges_IsNotLost()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        InterruptedStore store = new(bucket, "index/");
        AssetIndex merging = await LoadAsync(store);
        AssetIndex other = await LoadAsync(bucket);
        AssetSource[] sources = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AnalyseAsync(bucket, $"a{i}", 1, [1, 0])));
        foreach (AssetSource source in sources)
        {
            await merging.AddAsync(source, Token);
        }
        await AnalyseAsync(bucket, "a7", 1, [-1, 0], revision: 2);
        store.Before(async () => await other.AddAsync(sources[7], Token));

        await merging.RefreshAsync(Token);

        VectorHit first = (await SearchTextAsync(await LoadAsync(bucket), [-1, 0]))[0];
        Assert.Equal((sources[7].AssetId, 1f), (first.Asset, first.Score));
    }

    [Fact]
    public async Task Refresh_WithManySegments_MergesThemAndLosesNothing()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetIndex other = await LoadAsync(store);
        AssetSource[] sources = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AnalyseAsync(store, $"a{i}", 1, [1, i])));
        foreach (AssetSource source in sources)
        {
            await index.AddAsync(source, Token);
        }

        await index.RefreshAsync(Token);
        await other.RefreshAsync(Token);
        await index.RefreshAsync(Token);

        List<StoredObject> segments = await store.ListAsync("index/", Token).ToListAsync(Token);
        AssetIndex restarted = await LoadAsync(store);
        Assert.StartsWith("index/texts-1-abc/merged-", Assert.Single(segments).Path, StringComparison.Ordinal);
        Assert.All(sources, source => Assert.True(index.Knows(source.AssetId, source.VersionId)));
        Assert.All(sources, source => Assert.True(other.Knows(source.AssetId, source.VersionId)));
        Assert.All(sources, source => Assert.True(restarted.Knows(source.AssetId, source.VersionId)));
    }

    [Fact]
    public async Task Add_OfManyAtOnce_LosesNothing()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        AssetSource[] sources = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AnalyseAsync(store, $"a{i}", 1, [1, i])));

        await Task.WhenAll(sources.Select(source => index.AddAsync(source, Token)));

        AssetIndex restarted = await LoadAsync(store);
        Assert.All(sources, source => Assert.True(index.Knows(source.AssetId, source.VersionId)));
        Assert.All(sources, source => Assert.True(restarted.Knows(source.AssetId, source.VersionId)));
    }

    private static async Task<AssetIndex> LoadAsync(IObjectStore store)
    {
        AssetIndex index = new(new StoredVectors(new AssetStores([store])), store, TimeProvider.System, NullLogger<AssetIndex>.Instance);
        await index.HoldAsync(ModelRole.TextEmbedding, Texts, Token);
        await index.HoldAsync(ModelRole.ImageEmbedding, Images, Token);
        index.Search(Texts.Name);
        return index;
    }

    /// <summary>The names of the assets whose vectors lie in segments, once for each segment that has them.</summary>
    private static async Task<List<string>> StoredAsync(IObjectStore store, params AssetSource[] assets)
    {
        List<string> stored = [];
        await foreach (StoredObject segment in store.ListAsync("index/", Token))
        {
            await using Stream content = await store.OpenAsync(segment.Path, null, 0, Token);
            VectorSegmentContent read = await VectorSegment.ReadAsync(
                content,
                segment.Path.Split('/')[1],
                dimensions: null,
                new VectorSegmentLimits(),
                Token
            );
            stored.AddRange(
                read.Batches.Where(batch => batch.Entries.Count > 0)
                    .Select(batch => assets.Single(asset => asset.AssetId == batch.Asset).Key["media/".Length..])
            );
        }
        return stored;
    }

    private static Task<IReadOnlyList<VectorHit>> SearchTextAsync(AssetIndex index, float[] vector, string? kind = null) =>
        index.SearchAsync(ModelRole.TextEmbedding, new QueryVector(Texts.Name, vector), 10, kind, null, Token);

    private static Task<IReadOnlyList<VectorHit>> SearchImageAsync(AssetIndex index, float[] vector) =>
        index.SearchAsync(ModelRole.ImageEmbedding, new QueryVector(Images.Name, vector), 10, null, null, Token);

    /// <summary>Leaves behind what an analyzer leaves: vectors beside the document.</summary>
    private static async Task<AssetSource> AnalyseAsync(
        S3ObjectStore store,
        string name,
        int version,
        float[] text,
        float[]? image = null,
        float[]? next = null,
        int revision = 1
    )
    {
        AssetSource source = new("s3", store.Locate("media/a").Container, $"media/{name}", $"etag-{version}");
        AssetStores stores = new([store]);
        AnalysisWriter writer = new(stores, new ContentIndex(stores, TimeProvider.System), TimeProvider.System);
        AnalysisRequest request = new(
            source,
            Serverless.Media.MediaKind.Text,
            "text/plain",
            5,
            1,
            Start.AddMinutes(version),
            Revision: revision
        );
        VectorEntry whole = new(EntryKind.Document, Place.Whole, "", text);
        await writer.WriteVectorsAsync(request, Texts, [new VectorEntry("text", Place.OfText(0, 5), "hello", text), whole], Token);
        if (next is not null)
        {
            await writer.WriteVectorsAsync(request, Next, [new VectorEntry("text", Place.OfText(0, 5), "hello", next)], Token);
        }
        if (image is not null)
        {
            await writer.WriteVectorsAsync(request, Images, [new VectorEntry("image", Place.Whole, "a dog", image)], Token);
        }
        return source;
    }
}
