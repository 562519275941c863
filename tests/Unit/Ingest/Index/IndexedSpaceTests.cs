using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class IndexedSpaceTests(SharedServers servers) : IDisposable
{
    private const int LargeEntries = 900; // of 384 dimensions: more than the megabyte from which on a segment is mapped
    private static readonly VectorSpace Space = new("texts-1-abc", 384);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _cache = Directory.CreateTempSubdirectory("index-cache-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private VectorIndexOptions Options => new() { CacheFolder = _cache };

    [Fact]
    public async Task Refresh_OfALargeSegment_MapsItFromTheCache_AlsoTheNextTime()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetVectors large = Batch("large", LargeEntries);
        await OpenAndUpsertAsync(store, large);

        using IndexedSpace first = await OpenAsync(store);
        DateTime written = File.GetLastWriteTimeUtc(Assert.Single(Cached()));
        using IndexedSpace second = await OpenAsync(store);

        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Cached())));
        Assert.Equal("17", second.Vectors.Search(large.Entries[17].Vector.Span, 1)[0].Place);
        Assert.Equal(first.Vectors.Vectors, second.Vectors.Vectors);
    }

    [Theory]
    [InlineData(100), InlineData(50_000), InlineData(-3000)]
    public async Task Refresh_WithADamagedFileInTheCache_MakesItAgain(int at)
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetVectors large = Batch("large", LargeEntries);
        await OpenAndUpsertAsync(store, large);
        (await OpenAsync(store)).Dispose();
        Damage(Assert.Single(Cached()), at);

        using IndexedSpace space = await OpenAsync(store);
        space.Vectors.Search(large.Entries[^2].Vector.Span, LargeEntries);
        await space.RefreshAsync(merge: false, Token);

        Assert.Equal(LargeEntries, space.Vectors.Vectors);
        Assert.Empty(space.Vectors.DamagedFiles);
        Assert.All(large.Entries, entry => Assert.Equal(1, space.Vectors.Search(entry.Vector.Span, 1)[0].Score, 1e-5));
    }

    [Fact]
    public async Task Refresh_WithADamagedSegment_SetsItAside_AndKeepsWhatIsWhole()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        const string path = "index/texts-1-abc/group-1.vseg";
        byte[] segment = await SegmentAsync(Batch("whole", 2), Batch("lost", 2));
        segment[^100] ^= 1; // in the second record
        await WriteAsync(store, path, segment);

        using IndexedSpace space = await OpenAsync(store);
        await space.RefreshAsync(merge: true, Token);
        DamagedSegment damaged = Assert.Single(space.Damaged);
        (bool Whole, bool Lost) known = (space.IsSureOf("whole", "1"), space.IsSureOf("lost", "1"));
        await space.SetAsideAsync([damaged], Token);

        Assert.Equal((Space.Name, path), (damaged.Space, damaged.Path));
        Assert.Equal((true, false), known); // so that the reconcile brings it again
        Assert.True(space.IsComplete);
        Assert.True(space.Vectors.Knows("whole", "1"));
        Assert.False(space.Vectors.Knows("lost", "1"));
        Assert.StartsWith("index/texts-1-abc/salvaged-", Assert.Single(await ListAsync(store)).Path, StringComparison.Ordinal);
        using IndexedSpace restarted = await OpenAsync(store);
        Assert.True(restarted.Vectors.Knows("whole", "1"));
    }

    /// <summary>A restart reads what is stored, and would lose the rest.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Refresh_OfWhatOnlyMemoryHas_IsUnsureOfIt_UntilItIsWrittenAgain(bool isMissing)
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        const string path = "index/texts-1-abc/group-1.vseg";
        byte[] segment = await SegmentAsync(Batch("whole", 2), Batch("lost", 2));
        await WriteAsync(store, path, segment);
        using IndexedSpace space = await OpenAsync(store);
        await space.UpsertAsync(Batch("other", 1), Token);
        segment[^100] ^= 1;
        await (isMissing ? store.DeleteAsync(path, Token) : WriteAsync(store, path, segment));

        await space.RefreshAsync(merge: true, Token);
        bool[] before = [.. new[] { "whole", "lost", "other" }.Select(asset => space.IsSureOf(asset, "1"))];
        await space.UpsertAsync(Batch("lost", 2), Token);
        await space.UpsertAsync(Batch("whole", 2), Token);
        await space.SetAsideAsync(space.Damaged, Token);

        Assert.Equal([!isMissing, false, true], before);
        Assert.Equal(5, space.Vectors.Vectors);
        using IndexedSpace restarted = await OpenAsync(store);
        Assert.Equal((5, true), (restarted.Vectors.Vectors, restarted.IsComplete));
        Assert.All(["whole", "lost", "other"], asset => Assert.True(space.IsSureOf(asset, "1")));
    }

    [Fact]
    public async Task News_AreOfWhatComesAfterTheFirstReading_InSegmentsOfAnySize()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        await WriteAsync(store, "index/texts-1-abc/merged-1.vseg", await SegmentAsync(Batch("old, large", LargeEntries)));
        await WriteAsync(store, "index/texts-1-abc/1.vseg", await SegmentAsync(Batch("old, small", 1)));
        using IndexedSpace space = await OpenAsync(store);
        Assert.Empty(space.TakeNews());

        await WriteAsync(store, "index/texts-1-abc/merged-2.vseg", await SegmentAsync(Batch("new, large", LargeEntries)));
        await WriteAsync(store, "index/texts-1-abc/2.vseg", await SegmentAsync(Batch("new, small", 1)));
        await space.CatchUpAsync(Token);

        Assert.Equal(["new, large", "new, small"], space.TakeNews().Select(news => news.Asset).Order(StringComparer.Ordinal));
        Assert.Empty(space.TakeNews());
    }

    [Fact]
    public async Task Refresh_WithASegmentOfAnotherSpace_SetsItAside()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        using MemoryStream other = new();
        await VectorSegment.WriteAsync(other, "images-1-abc", Space.Dimensions, [Batch("a", 1)], Token);
        await WriteAsync(store, "index/texts-1-abc/swapped.vseg", other.ToArray());

        using IndexedSpace space = await OpenAsync(store);
        await space.RefreshAsync(merge: true, Token);
        bool isComplete = space.IsComplete;
        await space.SetAsideAsync(space.Damaged, Token);

        Assert.False(isComplete);
        Assert.Equal(0, space.Vectors.Vectors);
        Assert.Empty(await ListAsync(store));
    }

    [Fact]
    public async Task Refresh_WhenMostOfALargeSegmentWasReplaced_WritesItAnew()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetVectors[] assets = [.. Enumerable.Range(0, 10).Select(i => Batch($"asset{i}", 100))];
        await WriteAsync(store, "index/texts-1-abc/merged-1.vseg", await SegmentAsync(assets));
        using IndexedSpace space = await OpenAsync(store);
        foreach (AssetVectors asset in assets[..7])
        {
            await space.UpsertAsync(AssetVectors.Tombstone(asset.Asset, asset.Version, Start.AddDays(1)), Token);
        }

        await space.RefreshAsync(merge: true, Token);

        Assert.Equal(300, space.Vectors.Vectors);
        StoredObject anew = Assert.Single(await ListAsync(store), segment => segment.Path.Contains("merged-", StringComparison.Ordinal));
        Assert.InRange(anew.Length, 300 * 1536, 400 * 1536);
        using IndexedSpace restarted = await OpenAsync(store);
        Assert.Equal(300, restarted.Vectors.Vectors);
    }

    [Fact]
    public async Task Erase_OfAnAssetInALargeSegment_TakesItOut_AndLeavesTheOthers()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        await WriteAsync(store, "index/texts-1-abc/merged-1.vseg", await SegmentAsync(Batch("gone", 500), Batch("stays", LargeEntries)));
        using IndexedSpace space = await OpenAsync(store);
        await space.UpsertAsync(AssetVectors.Tombstone("gone", "1", Start.AddDays(1)), Token);

        await space.EraseAsync("gone", Token);

        using IndexedSpace restarted = await OpenAsync(store);
        Assert.Equal((1, LargeEntries), (restarted.Vectors.Assets, restarted.Vectors.Vectors));
        Assert.Equal((1, LargeEntries), (space.Vectors.Assets, space.Vectors.Vectors));
        Assert.False(space.Vectors.Holds("gone"));
    }

    /// <summary>As a merge leaves it that ended between writing and looking again.</summary>
    [Theory]
    [InlineData(2), InlineData(LargeEntries)]
    public async Task Refresh_WithVectorsOfWhatIsGone_ServesNone_AndTakesThemOut(int entries)
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        await WriteAsync(store, "index/texts-1-abc/merged-1.vseg", await SegmentAsync(Batch("gone", 2), Batch("stays", entries)));
        AssetVectors gone = AssetVectors.Tombstone("gone", "1", Start.AddDays(1));
        await OpenAndUpsertAsync(store, gone);

        using IndexedSpace space = await OpenAsync(store);
        bool isServed = space.Vectors.Holds("gone");
        await space.RefreshAsync(merge: true, Token);

        Assert.False(isServed);
        Assert.Equal(entries, space.Vectors.Vectors);
        StoredObject mark = Assert.Single(await ListAsync(store), one => one.Path.EndsWith("-gone.vseg", StringComparison.Ordinal));
        await store.DeleteAsync(mark.Path, Token);
        using IndexedSpace restarted = await OpenAsync(store);
        Assert.Equal((false, true), (restarted.Vectors.Holds("gone"), restarted.Vectors.Holds("stays")));
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    private async Task<IndexedSpace> OpenAsync(S3ObjectStore store)
    {
        IndexedSpace space = new(store, Space, TimeProvider.System, NullLogger.Instance, Options);
        await space.RefreshAsync(merge: false, Token);
        return space;
    }

    private async Task OpenAndUpsertAsync(S3ObjectStore store, AssetVectors batch)
    {
        using IndexedSpace space = await OpenAsync(store);
        await space.UpsertAsync(batch, Token);
    }

    private static async Task<byte[]> SegmentAsync(params AssetVectors[] batches)
    {
        using MemoryStream stream = new();
        await VectorSegment.WriteAsync(stream, Space.Name, Space.Dimensions, batches, Token);
        return stream.ToArray();
    }

    private static async Task WriteAsync(S3ObjectStore store, string path, byte[] bytes)
    {
        using MemoryStream body = new(bytes);
        await store.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", Token);
    }

    private static async Task<List<StoredObject>> ListAsync(S3ObjectStore store) =>
        await store.ListAsync("index/", Token).ToListAsync(Token);

    private string[] Cached() => Directory.GetFiles(_cache, "*.vmap", SearchOption.AllDirectories);

    private static void Damage(string file, int at)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    private static AssetVectors Batch(string asset, int entries)
    {
        Random random = new(asset.Length + entries);
        return new AssetVectors(
            asset,
            "1",
            Start,
            [.. Enumerable.Range(0, entries).Select(i => new VectorEntry("text", $"{i}", "words", Vector(random)))]
        );
    }

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Space.Dimensions).Select(_ => random.NextSingle() - 0.5f)];
}
