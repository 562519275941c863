using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class AssetIndexTests(SharedServers servers)
{
    private static readonly VectorSpace Texts = new("texts-1-abc", 2);
    private static readonly VectorSpace Images = new("images-1-abc", 3);
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
        Assert.Equal("char=0,5", Assert.Single(restarted.SearchText([1, 0], 10, "text")).Place);
        Assert.Empty(restarted.SearchText([1, 0], 10, "image"));
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

        Assert.Equal(current.VersionId, Assert.Single(index.SearchText([0, 1], 10, null)).Version);
        Assert.Equal(current.VersionId, Assert.Single((await LoadAsync(store)).SearchText([0, 1], 10, null)).Version);
    }

    [Fact]
    public async Task Add_OfAnImage_IsFoundInBothSpaces_AndByNeitherOnceItIsAText()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);
        await index.AddAsync(await AnalyseAsync(store, "a", 1, [1, 0], image: [1, 0, 0]), Token);
        int found = index.SearchImage([1, 0, 0], 10, null).Count;

        await index.AddAsync(await AnalyseAsync(store, "a", 2, [0, 1]), Token);

        Assert.Equal(1, found);
        Assert.Empty(index.SearchImage([1, 0, 0], 10, null));
    }

    [Fact]
    public async Task Add_OfWhatOtherModelsMade_IsFalse()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetIndex index = await LoadAsync(store);

        Assert.False(await index.AddAsync(new AssetSource("s3", "bucket", "media/a", "1"), Token));
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

    private static Task<AssetIndex> LoadAsync(S3ObjectStore store) =>
        AssetIndex.LoadAsync(
            new AssetStores([store]),
            store,
            Texts,
            Images,
            TimeProvider.System,
            recent: null,
            NullLogger<AssetIndex>.Instance,
            Token
        );

    /// <summary>Leaves behind what an analyzer leaves: vectors beside the document.</summary>
    private static async Task<AssetSource> AnalyseAsync(S3ObjectStore store, string name, int version, float[] text, float[]? image = null)
    {
        AssetSource source = new("s3", store.Locate("media/a").Container, $"media/{name}", $"etag-{version}");
        AnalysisWriter writer = new(new AssetStores([store]));
        AnalysisRequest request = new(source, Serverless.Media.MediaKind.Text, "text/plain", 5, 1, Start.AddMinutes(version));
        VectorEntry whole = new(EntryKind.Document, Place.Whole, "", text);
        await writer.WriteVectorsAsync(request, Texts, [new VectorEntry("text", Place.OfText(0, 5), "hello", text), whole], Token);
        if (image is not null)
        {
            await writer.WriteVectorsAsync(request, Images, [new VectorEntry("image", Place.Whole, "a dog", image)], Token);
        }
        return source;
    }
}
