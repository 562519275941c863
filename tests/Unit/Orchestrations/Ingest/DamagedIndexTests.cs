using Serverless.Functions.Azure.Health;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>A segment of the index is damaged: that is said until a reconcile has written again what it lost.</summary>
public sealed class DamagedIndexTests(SharedServers servers)
{
    private readonly ReconcileRun _run = new(servers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A picture is known by its labels among the texts, whatever became of how it looks.</summary>
    [Theory]
    [InlineData(ModelRole.TextEmbedding, 0), InlineData(ModelRole.TextEmbedding, 0.5), InlineData(ModelRole.TextEmbedding, 1)]
    [InlineData(ModelRole.ImageEmbedding, 0), InlineData(ModelRole.ImageEmbedding, 0.5), InlineData(ModelRole.ImageEmbedding, 1)]
    public async Task Run_AfterAStartWithADamagedSegment_RebuildsIt_AndUntilThenHealthAndSearchesSaySo(ModelRole role, double share)
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await IngestAsync(rig);
        VectorSpace space = (await rig.Get<ServingSpaces>().FindAsync(role, Token))!.Serving.ToSpace();
        StoredObject segment = Assert.Single(await SegmentsAsync(rig, space));
        await DamageAsync(rig, segment, share);

        await RestartAsync(rig, space);
        DamagedSegment damaged = Assert.Single(rig.Get<AssetIndex>().Damaged);
        FoundPage before = await SearchAsync(rig, role, space);
        FoundPage byWords = await rig.Get<AssetSearch>().SearchAsync(QueryOf(role, null, WordQuery.Parse("harbour")), Token);
        await _run.RunAsync(rig);
        FoundPage after = await SearchAsync(rig, role, space);

        Assert.Equal($"index segment {segment.Path}", HealthFindings.Fault(damaged).Thing);
        Assert.Equal((0, false), (before.Assets.Count, before.IsComplete));
        Assert.True(byWords.IsComplete); // it asks no vectors
        Assert.Equal((source.AssetId, true), (Assert.Single(after.Assets).Asset, after.IsComplete));
        Assert.Empty(rig.Get<AssetIndex>().Damaged);
        await RestartAsync(rig, space);
        FoundPage again = await SearchAsync(rig, role, space);
        Assert.Equal((1, true), (again.Assets.Count, again.IsComplete));
    }

    /// <summary>What cannot be mended now may be what the segment lost.</summary>
    [Fact]
    public async Task Run_ThatCannotMendAll_LeavesTheSegment_AndItIsStillSaid()
    {
        await using AssetRig rig = await _run.OpenAsync();
        AssetSource source = await IngestAsync(rig);
        VectorSpace space = (await rig.Get<ServingSpaces>().FindAsync(ModelRole.TextEmbedding, Token))!.Serving.ToSpace();
        await DamageAsync(rig, Assert.Single(await SegmentsAsync(rig, space)), share: 0.5);
        await RestartAsync(rig, space);
        string vectors = AnalysisWriter.PathOfVectors(source, space);
        ObjectContent kept = (await rig.Bucket.ReadAsync(vectors, 1 << 20, Token))!;
        await WriteAsync(rig, vectors, [1, 2, 3]);

        long failed = (await _run.RunAsync(rig)).Failed;
        bool isComplete = rig.Get<AssetIndex>().IsComplete(space.Name);
        await WriteAsync(rig, vectors, kept.Data.ToArray());
        await _run.RunAsync(rig);

        Assert.Equal((1, false), (failed, isComplete));
        Assert.True(rig.Get<AssetIndex>().IsComplete(space.Name));
        Assert.True(rig.Get<AssetIndex>().Holds(space.Name, source.AssetId));
    }

    private async Task<AssetSource> IngestAsync(AssetRig rig)
    {
        AssetSource source = await rig.Bucket.UploadAsync("harbour.png", TestImages.Save("pngsave"));
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await _run.RunAsync(rig);
        await rig.Get<IndexedWords>().CatchUpAsync(Token);
        return source;
    }

    /// <summary>As far as the index is concerned.</summary>
    private static Task RestartAsync(AssetRig rig, VectorSpace space)
    {
        rig.Get<AssetIndex>().Drop(space.Name);
        return rig.LookAsync();
    }

    private static ValueTask<List<StoredObject>> SegmentsAsync(AssetRig rig, VectorSpace space) =>
        rig.Bucket.ListAsync($"index/{space.Name}/", Token).ToListAsync(Token);

    /// <param name="share">Of the bytes that are left; where that is all, one in the middle is another.</param>
    private static async Task DamageAsync(AssetRig rig, StoredObject segment, double share)
    {
        byte[] bytes = (await rig.Bucket.ReadAsync(segment.Path, 1 << 20, Token))!.Data.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        await WriteAsync(rig, segment.Path, bytes[..(int)(bytes.Length * share)]);
    }

    private static async Task WriteAsync(AssetRig rig, string path, byte[] bytes)
    {
        using MemoryStream body = new(bytes);
        await rig.Bucket.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", Token);
    }

    private static Task<FoundPage> SearchAsync(AssetRig rig, ModelRole role, VectorSpace space) =>
        rig.Get<AssetSearch>().SearchAsync(QueryOf(role, new QueryVector(space.Name, [.. Enumerable.Repeat(1f, space.Dimensions)])), Token);

    private static AssetQuery QueryOf(ModelRole role, QueryVector? vector, WordQuery? words = null) =>
        new(words, vector, role, new WordFilter(), Limit: 10);
}
