using System.Numerics.Tensors;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

/// <summary>A long text whose process ends after it was embedded and before anything of its analysis stood.</summary>
public sealed class EmbeddedPartsTests(SharedServers servers)
{
    private const int Sentences = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Analyse_AfterItsProcessEnded_EmbedsTheLastPartAlone_AndLeavesNoParts()
    {
        InterruptedStore store = new(await TestBucket.OpenAsync(servers), "analyses/");
        await using AssetRig rig = await AssetRig.OpenOverAsync(servers, store);
        AnalysisRequest request = await UploadAsync(rig, "long.txt");
        AnalysisRequest whole = await UploadAsync(rig, "whole.txt");
        float[][] expected = await VectorsAsync(rig, await AnalyseAsync(rig, whole));

        List<string> parts = await InterruptAsync(store, rig, request);
        foreach (string part in parts)
        {
            await NegateAsync(rig, part); // to be known again
        }
        float[][] found = await VectorsAsync(rig, await AnalyseAsync(rig, request));

        int kept = 85 * parts.Count; // 8,192 tokens in passages of 96
        Assert.InRange(parts.Count, 2, 5);
        AssertAlike([.. expected[..kept].Select(vector => vector.Select(x => -x).ToArray())], found[..kept]);
        AssertAlike(expected[kept..^1], found[kept..^1]);
        Assert.Empty(await ListAsync(rig, request));
    }

    [Fact]
    public async Task Analyse_WithADamagedPart_EmbedsItAnew()
    {
        InterruptedStore store = new(await TestBucket.OpenAsync(servers), "analyses/");
        await using AssetRig rig = await AssetRig.OpenOverAsync(servers, store);
        AnalysisRequest request = await UploadAsync(rig, "long.txt");
        float[][] expected = await VectorsAsync(rig, await AnalyseAsync(rig, await UploadAsync(rig, "whole.txt")));

        foreach (string part in await InterruptAsync(store, rig, request))
        {
            await store.WriteAsync(part, new MemoryStream([1, 2, 3]), WriteCondition.Always, "application/octet-stream", Token);
        }
        float[][] found = await VectorsAsync(rig, await AnalyseAsync(rig, request));

        AssertAlike(expected, found);
    }

    /// <summary>But for what else was in the same batch.</summary>
    private static void AssertAlike(float[][] expected, float[][] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(1, TensorPrimitives.CosineSimilarity(pair.First, pair.Second), 1e-4));
    }

    /// <summary>The paths of the parts that were kept.</summary>
    private static async Task<List<string>> InterruptAsync(InterruptedStore store, AssetRig rig, AnalysisRequest request)
    {
        store.Before(".vectors", skip: "/parts/", () => throw new IOException("The process ends here."));
        await Assert.ThrowsAsync<IOException>(() => AnalyseAsync(rig, request));
        return await ListAsync(rig, request);
    }

    private static async Task<List<string>> ListAsync(AssetRig rig, AnalysisRequest request)
    {
        List<string> parts = [];
        string folder = AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, "parts/");
        await foreach (StoredObject part in rig.Bucket.ListAsync(folder, Token))
        {
            parts.Add(part.Path);
        }
        return parts;
    }

    private static async Task NegateAsync(AssetRig rig, string part)
    {
        await using Stream stream = await rig.Bucket.OpenAsync(part, version: null, 0, Token);
        string space = part.Split('/')[^2];
        VectorSegmentContent content = await VectorSegment.ReadAsync(stream, space, null, new VectorSegmentLimits(), Token);
        AssetVectors vectors = Assert.Single(content.Batches);
        VectorEntry[] negated =
        [
            .. vectors.Entries.Select(entry => entry with { Vector = entry.Vector.ToArray().Select(x => -x).ToArray() }),
        ];
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, space, content.Dimensions, [vectors with { Entries = negated }], Token);
        body.Position = 0;
        await rig.Bucket.WriteAsync(part, body, WriteCondition.Always, "application/octet-stream", Token);
    }

    private static async Task<AnalysisRequest> UploadAsync(AssetRig rig, string name)
    {
        // Of another name, so that the one is no copy of the other.
        string text = string.Concat(Enumerable.Range(0, Sentences).Select(i => $"Ada Lovelace met Charles Babbage in London {i} times. "));
        text += name == "long.txt" ? "" : " ";
        AssetSource source = await rig.Bucket.UploadAsync(name, text);
        await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token);
        return new(source, MediaKind.Text, "text/plain", Encoding.UTF8.GetByteCount(text), 1, DateTimeOffset.UnixEpoch);
    }

    private static async Task<AnalysisRequest> AnalyseAsync(AssetRig rig, AnalysisRequest request)
    {
        AnalysisOutcome outcome = await rig.Get<AssetAnalysis>().AnalyseAsync(request, asJob: true, TimeSpan.Zero, Token);
        Assert.Equal(AnalysisStatus.Analysed, outcome.Status);
        return request;
    }

    private static async Task<float[][]> VectorsAsync(AssetRig rig, AnalysisRequest request)
    {
        AnalysisDocument document = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(request.Source, Token))!;
        EmbeddingFile file = Assert.Single(document.Embeddings);
        VectorSpace space = new(file.Space, file.Dimensions);
        AssetVectors vectors = await AnalysisWriter.ReadVectorsAsync(rig.Bucket, file.Path, space, Token);
        return [.. vectors.Entries.Select(entry => entry.Vector.ToArray())];
    }
}
