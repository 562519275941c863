using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>How much one space holds.</summary>
public sealed record SpaceCount(string Space, int Assets, int Vectors);

/// <summary>
/// The engine that is built in: the vectors of each space that is named now, kept in one store whatever store an asset came from. Spaces
/// come and go while it runs, as embedding models are promoted. Lives as long as the process; thread-safe.
/// </summary>
/// <param name="home">The store under whose <c>index/</c> the segments lie.</param>
public sealed class AssetIndex(
    StoredVectors stored,
    IObjectStore home,
    TimeProvider time,
    ILogger<AssetIndex> log,
    VectorIndexOptions? options = null,
    IndexedWords? words = null
) : IAssetIndex, IDisposable
{
    private readonly ConcurrentDictionary<string, HeldSpace> _held = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _holding = new(1);
    private volatile string? _searchedTexts;

    /// <summary>Those of images come first.</summary>
    private HeldSpace[] Held => [.. _held.Values.OrderByDescending(held => held.Role)];

    private UnheldSpaces Unheld => new(home, _held.ContainsKey, time, log);

    public IReadOnlyList<SpaceCount> Counts =>
        [.. Held.Select(held => new SpaceCount(held.Space.Space.Name, held.Space.Vectors.Assets, held.Space.Vectors.Vectors))];

    public IReadOnlyList<DamagedSegment> Damaged => [.. Held.SelectMany(held => held.Space.Damaged)];

    /// <summary>Whether all that is stored of a space is found in it.</summary>
    public bool IsComplete(string space) => !_held.TryGetValue(space, out HeldSpace? held) || held.Space.IsComplete;

    /// <summary>Loads a space that is not held yet; from then on it is written to as well.</summary>
    public async Task HoldAsync(ModelRole role, VectorSpace space, CancellationToken cancellationToken)
    {
        if (_held.ContainsKey(space.Name))
        {
            return;
        }
        await _holding.WaitAsync(cancellationToken);
        try
        {
            if (_held.ContainsKey(space.Name))
            {
                return;
            }
            _held[space.Name] = new HeldSpace(role, await LoadAsync(space, cancellationToken));
        }
        finally
        {
            _holding.Release();
        }
    }

    private async Task<IndexedSpace> LoadAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        IndexedSpace loaded = new(home, space, time, log, options);
        try
        {
            await loaded.RefreshAsync(merge: false, cancellationToken);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
        log.SpaceLoaded(space.Name, loaded.Vectors.Assets, loaded.Vectors.Vectors, loaded.Segments);
        return loaded;
    }

    /// <summary>Forgets a space; its segments stay. What is under way in it is broken off.</summary>
    public void Drop(string space)
    {
        if (_held.TryRemove(space, out HeldSpace? held))
        {
            held.Space.Dispose();
        }
    }

    public IReadOnlyList<string> Spaces => [.. _held.Keys];

    /// <summary>Names the space of texts that answers what the index knows.</summary>
    public void Search(string texts) => _searchedTexts = texts;

    /// <summary>What a query's vector finds in its space: passages, pictures and shots.</summary>
    /// <param name="filter">Which places are ranked at all; null for every one.</param>
    public async Task<IReadOnlyList<VectorHit>> SearchAsync(
        ModelRole role,
        QueryVector query,
        int limit,
        string? kind,
        VectorFilter? filter,
        CancellationToken cancellationToken
    )
    {
        await HoldAsync(role, new VectorSpace(query.Space, query.Vector.Length), cancellationToken);
        bool hasDirection = query.Vector.AsSpan().ContainsAnyExcept(0f); // a query without a token the model knows has none
        return hasDirection && _held.TryGetValue(query.Space, out HeldSpace? held)
            ? Search(held.Space.Vectors, query.Vector, limit, kind, filter)
            : [];
    }

    /// <summary>The index keeps what it found out about a kind.</summary>
    private static IReadOnlyList<VectorHit> Search(VectorIndex vectors, float[] query, int limit, string? kind, VectorFilter? filter) =>
        filter is null
            ? vectors.Search(query, limit, kind)
            : vectors.Search(query, limit, kind is null ? filter : filter.And(VectorFilter.OfKind(kind)));

    /// <summary>
    /// Whether the newest version known in the space that searches ask is this one, and no damage took it out of another space, so that
    /// adding it again would change nothing. What words lack they catch up with by themselves.
    /// </summary>
    public bool Knows(string asset, string version) =>
        _searchedTexts is { } space
        && _held.TryGetValue(space, out HeldSpace? held)
        && held.Space.Vectors.Knows(asset, version)
        && _held.Values.All(any => any.Space.IsSureOf(asset, version));

    public bool Holds(string asset) => words?.Holds(asset) == true || Held.Any(held => held.Space.Vectors.Holds(asset));

    /// <summary>Whether a space has vectors of the asset; false of a space that is not held.</summary>
    public bool Holds(string space, string asset) => _held.TryGetValue(space, out HeldSpace? held) && held.Space.Vectors.Holds(asset);

    /// <summary>The assets that have vectors in one space and none in another; none where either is not held.</summary>
    public IReadOnlyList<string> Missing(string space, string comparedWith) =>
        _held.TryGetValue(space, out HeldSpace? held) && _held.TryGetValue(comparedWith, out HeldSpace? other)
            ? [.. other.Space.Vectors.HeldAssets().Where(asset => !held.Space.Vectors.Holds(asset))]
            : [];

    /// <summary>
    /// Share of the assets of another space that a space holds, from 0 to 1; 1 of an empty one, null where either is not held, or damage
    /// hides how much the other holds. Counted exactly only where it can reach <paramref name="least"/>; else it is an upper bound.
    /// </summary>
    public double? CoverageOf(string space, string comparedWith, double least)
    {
        if (
            !_held.TryGetValue(space, out HeldSpace? held)
            || !_held.TryGetValue(comparedWith, out HeldSpace? other)
            || !IsComplete(comparedWith)
        )
        {
            return null;
        }
        int assets = other.Space.Vectors.Assets;
        double bound = assets == 0 ? 1 : Math.Min(1, (double)held.Space.Vectors.Assets / assets);
        return assets == 0 || bound < least ? bound : 1 - (double)Missing(space, comparedWith).Count / assets;
    }

    /// <summary>
    /// Takes over the vectors that lie beside the analysis of a version. Spaces of texts come last and are told of every version, even of
    /// one without vectors, so that they can answer whether it has been added. False when none of the held spaces has any.
    /// </summary>
    public async Task<bool> AddAsync(AssetSource source, CancellationToken cancellationToken)
    {
        HeldSpace[] held = Held;
        AssetVectors?[] found = await Task.WhenAll(held.Select(space => stored.FindAsync(source, space.Space.Space, cancellationToken)));
        if (found.OfType<AssetVectors>().FirstOrDefault() is not { } any)
        {
            return false;
        }
        Task adding = words?.AddAsync(source, any.Modified, cancellationToken) ?? Task.CompletedTask;
        for (int i = 0; i < held.Length; i++)
        {
            IndexedSpace space = held[i].Space;
            AssetVectors? batch = found[i] ?? (space.Vectors.Holds(source.AssetId) ? any with { Entries = [] } : null);
            if (batch is not null)
            {
                await space.UpsertAsync(batch, cancellationToken);
            }
        }
        await adding;
        return true;
    }

    /// <summary>Forgets an asset that is no longer in its store.</summary>
    public async Task RemoveAsync(string asset, string version, CancellationToken cancellationToken, DateTimeOffset? asOf = null)
    {
        AssetVectors gone = AssetVectors.Tombstone(asset, version, asOf ?? time.GetUtcNow());
        await ForEachAsync(space => space.UpsertAsync(gone, cancellationToken), cancellationToken);
        words?.Remove(asset, version, gone.Modified);
    }

    /// <summary>
    /// Takes what was kept of a removed asset out of all segments, which otherwise would hold it until they are merged; also out of those
    /// of spaces that are not held here.
    /// </summary>
    public async Task EraseAsync(string asset, CancellationToken cancellationToken)
    {
        await ForEachAsync(space => space.EraseAsync(asset, cancellationToken), cancellationToken);
        words?.Erase(asset, time.GetUtcNow());
        await Unheld.EraseAsync(asset, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Deletes the segments of spaces that nothing names, where the newest of them is as old.</summary>
    public Task DeleteUnheldAsync(TimeSpan unchangedFor, CancellationToken cancellationToken) =>
        Unheld.DeleteAsync(unchangedFor, cancellationToken);

    /// <summary>Takes over what other instances wrote, vectors and words: one listing a space where that is nothing.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await ForEachAsync(space => space.CatchUpAsync(cancellationToken), cancellationToken);
        await FollowAsync(cancellationToken);
    }

    /// <summary>The same, and merges segments where there are many.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await ForEachAsync(space => space.RefreshAsync(merge: true, cancellationToken), cancellationToken);
        await FollowAsync(cancellationToken);
    }

    public Task SetAsideAsync(IReadOnlyCollection<DamagedSegment> damaged, CancellationToken cancellationToken) =>
        ForEachAsync(
            space => space.SetAsideAsync(damaged.Where(one => one.Space == space.Space.Name), cancellationToken),
            cancellationToken
        );

    public void Dispose()
    {
        foreach (string space in Spaces)
        {
            Drop(space);
        }
        _holding.Dispose();
    }

    /// <summary>A space that is dropped meanwhile needs it no more; what was broken off there is no fault.</summary>
    private async Task ForEachAsync(Func<IndexedSpace, Task> work, CancellationToken cancellationToken)
    {
        foreach (HeldSpace held in Held)
        {
            try
            {
                await work(held.Space);
            }
            catch (Exception) when (held.Space.IsDropped && !cancellationToken.IsCancellationRequested) { }
        }
    }

    /// <summary>
    /// What came with others' vectors is found by its words as well, and what is gone by neither. Of an asset the latest version counts,
    /// and there the space that has vectors of it: one without may never have had any.
    /// </summary>
    private Task FollowAsync(CancellationToken cancellationToken)
    {
        VectorVersion[] latest =
        [
            .. Held.SelectMany(held => held.Space.TakeNews())
                .GroupBy(news => news.Asset, StringComparer.Ordinal)
                .Select(news => news.OrderByDescending(one => one.Modified).ThenBy(one => one.IsGone).First()),
        ];
        return words is null ? Task.CompletedTask : words.FollowAsync(latest, cancellationToken);
    }

    private sealed record HeldSpace(ModelRole Role, IndexedSpace Space);
}
