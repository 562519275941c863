using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

/// <summary>The store goes away in the middle of a merge: when it lists, reads, writes, looks again or deletes.</summary>
public sealed class MergeOutageTests(SharedServers servers)
{
    private const string Prefix = "index/";
    private static readonly VectorSpace Space = new("texts-1-abc", 4);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Staying = ["first", "last", "second"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Refresh_WithTheStoreAwayFromAnyStepOn_LosesNothing_FindsNothingTwice_AndGoesOn(bool losesAnswer)
    {
        int steps = 0;
        while (await FailsAsync(steps, losesAnswer))
        {
            steps++;
        }

        Assert.Equal(1 + 2 + 1 + 1 + 2, steps); // the list, two segments, what is merged, the list again, two deletions
    }

    /// <summary>Whether the merge failed, with the store away after so many requests.</summary>
    private async Task<bool> FailsAsync(int after, bool losesAnswer)
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        (IObjectStore store, FailingStore faults) = FailingStore.Over(bucket, Prefix);
        await WriteAsync(bucket, "group-1", Batch("gone 1"), Batch("first"));
        await WriteAsync(bucket, "group-2", Batch("gone 2"), Batch("second"), Batch("last"));
        await WriteAsync(bucket, "group-3", Gone("gone 1"), Gone("gone 2"));
        using IndexedSpace space = await OpenAsync(store);

        faults.Leave(after, losesAnswer);
        Exception? fault = await Record.ExceptionAsync(() => space.RefreshAsync(merge: true, Token));
        if (fault is not null)
        {
            await Assert.ThrowsAsync<IOException>(() => space.UpsertAsync(Batch("late"), Token));
        }
        AssertFinds(space, Staying);
        using IndexedSpace meanwhile = await OpenAsync(bucket);
        AssertFinds(meanwhile, Staying);

        faults.Return();
        await space.RefreshAsync(merge: true, Token);
        await space.UpsertAsync(Batch("late"), Token);
        await space.RefreshAsync(merge: true, Token);

        AssertFinds(space, [.. Staying, "late"]);
        using IndexedSpace restarted = await OpenAsync(bucket);
        AssertFinds(restarted, [.. Staying, "late"]);
        List<StoredObject> segments = await bucket.ListAsync(Prefix, Token).ToListAsync(Token);
        Assert.DoesNotContain(segments, segment => segment.Path.EndsWith("group-1.vseg") || segment.Path.EndsWith("group-2.vseg"));
        return fault is not null;
    }

    private static void AssertFinds(IndexedSpace space, string[] assets)
    {
        Assert.Equal(
            assets.Order(StringComparer.Ordinal),
            space.Vectors.Search([1, 1, 1, 1], 100).Select(hit => hit.Asset).Order(StringComparer.Ordinal)
        );
        Assert.True(space.IsComplete);
        Assert.All(assets, asset => Assert.True(space.IsSureOf(asset, "1")));
    }

    private static async Task<IndexedSpace> OpenAsync(IObjectStore store)
    {
        IndexedSpace space = new(store, Space, TimeProvider.System, NullLogger.Instance);
        await space.RefreshAsync(merge: false, Token);
        return space;
    }

    private static async Task WriteAsync(IObjectStore store, string name, params AssetVectors[] batches)
    {
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, Space.Name, Space.Dimensions, batches, Token);
        body.Position = 0;
        await store.WriteAsync($"{Prefix}{Space.Name}/{name}.vseg", body, WriteCondition.Always, "application/octet-stream", Token);
    }

    private static AssetVectors Batch(string asset) =>
        new(asset, "1", Start, [new VectorEntry("text", "0", asset, new float[] { 1, asset.Length, 0, 2 })]);

    private static AssetVectors Gone(string asset) => AssetVectors.Tombstone(asset, "1", Start.AddDays(1));
}
