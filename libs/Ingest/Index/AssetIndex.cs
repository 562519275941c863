using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>How much one space holds.</summary>
public sealed record SpaceCount(string Space, int Assets, int Vectors);

/// <summary>
/// What can be searched: one set of vectors per space of the configured models, kept in one store whatever store an asset came from.
/// Lives as long as the process; thread-safe.
/// </summary>
public sealed class AssetIndex
{
    private readonly AssetStores _stores;
    private readonly RecentVectors? _recent;
    private readonly TimeProvider _time;
    private readonly IndexedSpace _texts;
    private readonly IndexedSpace _images;

    private AssetIndex(AssetStores stores, RecentVectors? recent, TimeProvider time, IndexedSpace texts, IndexedSpace images)
    {
        _stores = stores;
        _recent = recent;
        _time = time;
        _texts = texts;
        _images = images;
    }

    /// <param name="home">The store under whose <c>index/</c> the segments lie.</param>
    public static async Task<AssetIndex> LoadAsync(
        AssetStores stores,
        IObjectStore home,
        VectorSpace texts,
        VectorSpace images,
        TimeProvider time,
        RecentVectors? recent,
        ILogger<AssetIndex> log,
        CancellationToken cancellationToken,
        VectorIndexOptions? options = null
    )
    {
        IndexedSpace Open(VectorSpace space) => new(home, space, time, log, options);

        AssetIndex index = new(stores, recent, time, Open(texts), Open(images));
        foreach (IndexedSpace space in index.Spaces)
        {
            await space.RefreshAsync(merge: false, cancellationToken);
            log.SpaceLoaded(space.Space.Name, space.Vectors.Assets, space.Vectors.Vectors, space.Segments);
        }
        return index;
    }

    /// <summary>Passages, and the labels of images and shots, by a text's vector.</summary>
    public IReadOnlyList<VectorHit> SearchText(ReadOnlySpan<float> query, int limit, string? kind) =>
        _texts.Vectors.Search(query, limit, kind);

    /// <summary>Images and keyframes by an image's vector.</summary>
    public IReadOnlyList<VectorHit> SearchImage(ReadOnlySpan<float> query, int limit, string? kind) =>
        _images.Vectors.Search(query, limit, kind);

    /// <summary>Whether the newest version known is this one, so that adding it again would change nothing.</summary>
    public bool Knows(string asset, string version) => _texts.Vectors.Knows(asset, version);

    public bool Holds(string asset) => _texts.Vectors.Holds(asset) || _images.Vectors.Holds(asset);

    public IReadOnlyList<SpaceCount> Counts =>
        [.. Spaces.Select(space => new SpaceCount(space.Space.Name, space.Vectors.Assets, space.Vectors.Vectors))];

    private IEnumerable<IndexedSpace> Spaces => [_images, _texts];

    /// <summary>
    /// Takes over the vectors that lie beside the analysis of a version. The space of texts comes last and is told of every version, even
    /// of one without vectors, so that it can answer whether a version has been added. False when the analysis was made by other models.
    /// </summary>
    public async Task<bool> AddAsync(AssetSource source, CancellationToken cancellationToken)
    {
        if (await ReadAsync(source, _texts.Space, cancellationToken) is not { } texts)
        {
            return false;
        }
        AssetVectors? images = await ReadAsync(source, _images.Space, cancellationToken);
        if (images is null && _images.Vectors.Holds(source.AssetId))
        {
            images = texts with { Entries = [] };
        }
        if (images is not null)
        {
            await _images.UpsertAsync(images, cancellationToken);
        }
        await _texts.UpsertAsync(texts, cancellationToken);
        return true;
    }

    /// <summary>Forgets an asset that is no longer in its store.</summary>
    public async Task RemoveAsync(string asset, string version, CancellationToken cancellationToken)
    {
        foreach (IndexedSpace space in Spaces)
        {
            await space.UpsertAsync(AssetVectors.Tombstone(asset, version, _time.GetUtcNow()), cancellationToken);
        }
    }

    /// <summary>Takes what was kept of a removed asset out of all segments, which otherwise would hold it until they are merged.</summary>
    public async Task EraseAsync(string asset, CancellationToken cancellationToken)
    {
        foreach (IndexedSpace space in Spaces)
        {
            await space.EraseAsync(asset, cancellationToken);
        }
    }

    /// <summary>Catches up with other instances, and merges segments where there are many.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (IndexedSpace space in Spaces)
        {
            await space.RefreshAsync(merge: true, cancellationToken);
        }
    }

    private async Task<AssetVectors?> ReadAsync(AssetSource source, VectorSpace space, CancellationToken cancellationToken)
    {
        string path = AnalysisWriter.PathOfVectors(source, space);
        if (_recent?.Take(source.Store, path) is { } written)
        {
            return Searched(written);
        }
        try
        {
            return Searched(await AnalysisWriter.ReadVectorsAsync(_stores[source.Store], path, space, cancellationToken));
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    private static AssetVectors Searched(AssetVectors batch) =>
        batch with
        {
            Entries = [.. batch.Entries.Where(entry => entry.Kind != EntryKind.Document)],
        };
}
