using System.Text.Json;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Metrics;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Writes what an analysis found beside the asset, in its store. Files come first and may be written again by another attempt; the
/// document comes last and once for each revision, so that where it stands everything it names stands too. Thread-safe.
/// </summary>
public sealed class AnalysisWriter(
    AssetStores stores,
    ContentIndex contents,
    TimeProvider time,
    RecentVectors? recent = null,
    IngestMeter? meter = null
)
{
    /// <summary>A document of the largest text admitted, with all its sentences and entities, stays below this.</summary>
    public const int MaxDocumentBytes = 128 << 20;

    /// <summary>Of a document, its digest among them: the name before it has at most 1,024 characters, each at most six bytes.</summary>
    private const int HeadBytes = 16 << 10;

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

    /// <summary>A file for each space.</summary>
    public async Task<IReadOnlyList<EmbeddingFile>> WriteVectorsAsync(
        AnalysisRequest request,
        IEnumerable<SpaceVectors> spaces,
        CancellationToken cancellationToken
    ) =>
        await Task.WhenAll(
            spaces
                .GroupBy(vectors => vectors.Space)
                .Select(space =>
                    WriteVectorsAsync(request, space.Key, [.. space.SelectMany(vectors => vectors.Entries)], cancellationToken)
                )
        );

    public async Task<EmbeddingFile> WriteVectorsAsync(
        AnalysisRequest request,
        VectorSpace space,
        IReadOnlyList<VectorEntry> entries,
        CancellationToken cancellationToken
    )
    {
        string path = PathOfVectors(request.Source, space);
        AssetVectors vectors = new(request.Source.AssetId, request.Source.VersionId, request.VectorTime, entries);
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

    /// <summary>
    /// False when a document of this revision or a later one stood there already: its findings stay. What one of an earlier revision named
    /// and this one does not is deleted.
    /// </summary>
    public async Task<bool> WriteDocumentAsync(AnalysisDocument document, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[document.Source.Store];
        await contents.AddAsync(document.Source, document.Sha256, cancellationToken);
        StoredDocument<AnalysisDocument> stored = new(
            store,
            AssetLayout.Analysis(document.Asset, document.Version),
            MaxDocumentBytes,
            time
        );
        if (document.Revision == 1)
        {
            if (await stored.CreateAsync(document, cancellationToken) is null)
            {
                return false;
            }
            meter?.Analysed(document);
            return true;
        }
        AnalysisDocument? earlier = null;
        Stored<AnalysisDocument>? stands = await stored.UpdateAsync(
            before =>
            {
                earlier = before;
                return before is null || before.Revision < document.Revision ? document : null;
            },
            cancellationToken
        );
        if (!ReferenceEquals(stands?.Value, document))
        {
            return false;
        }
        meter?.Analysed(document);
        foreach (string left in earlier is null ? [] : PathsOf(earlier).Except(PathsOf(document), StringComparer.Ordinal))
        {
            await store.DeleteAsync(left, cancellationToken);
        }
        return true;
    }

    /// <summary>Of the files that may differ between revisions in more than what they hold.</summary>
    private static IEnumerable<string> PathsOf(AnalysisDocument document) =>
        document
            .Embeddings.Select(vectors => vectors.Path)
            .Concat(
                (document.Video?.Subtitles ?? [])
                    .SelectMany(subtitles => new[] { subtitles.File, subtitles.PassageTexts })
                    .OfType<ArtifactFile>()
                    .Select(file => file.Path)
            );

    /// <summary>Deletes all that was found in an asset or in one version of it, and that its bytes were seen.</summary>
    /// <param name="folder">Of <see cref="AssetLayout.Analyses"/> or <see cref="AssetLayout.Findings"/>.</param>
    internal async Task DeleteAsync(string storeName, string asset, string folder, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[storeName];
        await foreach (StoredObject found in store.ListAsync(folder, cancellationToken))
        {
            if (
                found.Path.EndsWith(AssetLayout.AnalysisName, StringComparison.Ordinal)
                && await store.ReadHeadAsync(found.Path, HeadBytes, cancellationToken) is { } head
                && DigestIn(head.Data) is { } sha256
            )
            {
                await contents.RemoveAsync(storeName, asset, sha256, cancellationToken);
            }
        }
        await store.DeleteAllAsync(folder, cancellationToken);
    }

    private static string? DigestIn(BinaryData head)
    {
        try
        {
            Utf8JsonReader reader = new(head.ToMemory().Span, isFinalBlock: false, state: default);
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("sha256"u8))
                {
                    return reader.Read() ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            // A damaged document is deleted like any other.
        }
        return null;
    }

    public async Task<AnalysisDocument?> ReadDocumentAsync(AssetSource source, CancellationToken cancellationToken) =>
        await stores[source.Store].ReadAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), MaxDocumentBytes, cancellationToken)
            is { } content
            ? AssetsJson.Read<AnalysisDocument>(content.Data)
            : null;
}
