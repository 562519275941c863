using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Writes what an analysis found beside the asset, in its store. Files come first and may be written again by another attempt; the
/// document comes last and once, so that where it stands everything it names stands too. Thread-safe.
/// </summary>
public sealed class AnalysisWriter(AssetStores stores, RecentVectors? recent = null)
{
    /// <summary>A document of the largest text admitted, with all its sentences and entities, stays below this.</summary>
    public const int MaxDocumentBytes = 128 << 20;

    public static string PathOfVectors(AssetSource source, VectorSpace space) =>
        AssetLayout.Artifact(source.AssetId, source.VersionId, $"{space.Name}.vectors");

    public async Task<ArtifactFile> WriteFileAsync(
        AnalysisRequest request,
        string name,
        ReadOnlyMemory<byte> bytes,
        string mediaType,
        CancellationToken cancellationToken
    )
    {
        string path = AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, name);
        using Stream body = BinaryData.FromBytes(bytes).ToStream();
        await stores[request.Source.Store].WriteAsync(path, body, WriteCondition.Always, mediaType, cancellationToken);
        return new ArtifactFile(path, mediaType, bytes.Length);
    }

    public async Task<EmbeddingFile> WriteVectorsAsync(
        AnalysisRequest request,
        VectorSpace space,
        IReadOnlyList<VectorEntry> entries,
        CancellationToken cancellationToken
    )
    {
        string path = PathOfVectors(request.Source, space);
        AssetVectors vectors = new(request.Source.AssetId, request.Source.VersionId, request.Registered, entries);
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, space.Name, space.Dimensions, [vectors], cancellationToken);
        body.Position = 0;
        await stores[request.Source.Store].WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", cancellationToken);
        recent?.Put(request.Source.Store, path, vectors);
        return new EmbeddingFile(space.Name, path, entries.Count, space.Dimensions);
    }

    /// <summary>What <see cref="WriteVectorsAsync"/> wrote.</summary>
    /// <exception cref="ObjectMissingException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static async Task<AssetVectors> ReadVectorsAsync(
        IObjectStore store,
        string path,
        VectorSpace space,
        CancellationToken cancellationToken
    )
    {
        await using Stream stream = await store.OpenAsync(path, version: null, 0, cancellationToken);
        VectorSegmentContent content = await VectorSegment.ReadAsync(
            stream,
            space.Name,
            space.Dimensions,
            new VectorSegmentLimits(),
            cancellationToken
        );
        return content is { Fault: null, Batches: [AssetVectors batch] }
            ? batch
            : throw new InvalidDataException(
                $"{path} in store '{store.Name}' must hold the vectors of one asset: "
                    + $"{content.Fault ?? $"found {content.Batches.Count} batches"}."
            );
    }

    /// <summary>False when a document stood there already: an earlier attempt of this version was faster, and its findings stay.</summary>
    public async Task<bool> WriteDocumentAsync(AnalysisDocument document, CancellationToken cancellationToken)
    {
        using Stream body = AssetsJson.Write(document).ToStream();
        try
        {
            await stores[document.Source.Store]
                .WriteAsync(
                    AssetLayout.Analysis(document.Asset, document.Version),
                    body,
                    WriteCondition.IfAbsent,
                    "application/json",
                    cancellationToken
                );
            return true;
        }
        catch (ObjectConflictException)
        {
            return false;
        }
    }

    public async Task<AnalysisDocument?> ReadDocumentAsync(AssetSource source, CancellationToken cancellationToken) =>
        await stores[source.Store].ReadAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), MaxDocumentBytes, cancellationToken)
            is { } content
            ? AssetsJson.Read<AnalysisDocument>(content.Data)
            : null;
}
