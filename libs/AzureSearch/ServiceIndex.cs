using System.Collections.Concurrent;
using Azure.Search.Documents.Models;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.AzureSearch;

/// <summary>
/// Keeps one index of an Azure AI Search service in step with the analyses. What it holds of each asset is known here too, some 250 bytes
/// an asset, read at the start and again with each reconcile: other instances write to the same index. Lives as long as the process;
/// thread-safe.
/// </summary>
public sealed class ServiceIndex(
    ServiceClient client,
    AnalysedWords words,
    StoredVectors vectors,
    TimeProvider time,
    ILogger<ServiceIndex> log
) : IAssetIndex, IDisposable
{
    /// <summary>Longer than any late writer may still hold an older version of a deleted asset.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, ServiceHead> _heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, VectorSpace> _held = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _holding = new(1);
    private volatile bool _isLoaded;

    public IReadOnlyList<SpaceCount> Counts =>
        [
            .. Spaces
                .Order(StringComparer.Ordinal)
                .Select(space => new SpaceCount(space, Living.Count(head => head.Spaces.Contains(space)), 0)),
        ];

    public IReadOnlyList<string> Spaces => [.. _held.Keys];

    /// <summary>The service looks after its own.</summary>
    public IReadOnlyList<DamagedSegment> Damaged => [];

    private IEnumerable<ServiceHead> Living => _heads.Values.Where(head => !head.IsGone);

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
            await ServiceClient.AskAsync(
                async () =>
                {
                    await client.Schema.EnsureAsync(space, cancellationToken);
                    return true;
                },
                cancellationToken
            );
            if (!_isLoaded)
            {
                await LoadAsync(cancellationToken);
                _isLoaded = true;
            }
            _held[space.Name] = space;
        }
        finally
        {
            _holding.Release();
        }
    }

    /// <summary>Its vectors go from the index as their assets are written again: the service cannot take a field out of an index.</summary>
    public void Drop(string space) => _held.TryRemove(space, out _);

    /// <summary>All spaces are fields of the same documents.</summary>
    public void Search(string texts) { }

    public bool Knows(string asset, string version) => _heads.TryGetValue(asset, out ServiceHead? head) && head.Version == version;

    public bool Holds(string asset) => _heads.TryGetValue(asset, out ServiceHead? head) && !head.IsGone;

    public bool Holds(string space, string asset) =>
        _heads.TryGetValue(asset, out ServiceHead? head) && !head.IsGone && head.Spaces.Contains(space);

    public double? CoverageOf(string space, string comparedWith, double least)
    {
        if (!_held.ContainsKey(space) || !_held.ContainsKey(comparedWith))
        {
            return null;
        }
        (int all, int covered) = (0, 0);
        foreach (ServiceHead head in Living.Where(head => head.Spaces.Contains(comparedWith)))
        {
            all++;
            covered += head.Spaces.Contains(space) ? 1 : 0;
        }
        return all == 0 ? 1 : (double)covered / all;
    }

    public async Task<bool> AddAsync(AssetSource source, CancellationToken cancellationToken)
    {
        VectorSpace[] held = [.. _held.Values];
        AssetVectors?[] found = await Task.WhenAll(held.Select(space => vectors.FindAsync(source, space, cancellationToken)));
        if (
            found.OfType<AssetVectors>().FirstOrDefault() is not { } any
            || await words.ReadAsync(source, any.Modified, cancellationToken) is not { } told
        )
        {
            return false;
        }
        Dictionary<string, AssetVectors> bySpace = held.Zip(found)
            .Where(pair => pair.Second is not null)
            .ToDictionary(pair => pair.First.Name, pair => pair.Second!, StringComparer.Ordinal);
        string[] spaces = [.. bySpace.Where(pair => pair.Value.Entries.Count > 0).Select(pair => pair.Key)];
        ServiceHead head = new(source.AssetId, told.Content, told.Version, told.Revision, any.Modified, IsGone: false, spaces);
        if (await FindHeadAsync(source.AssetId, cancellationToken) is { } known && !head.AddsTo(known))
        {
            return true;
        }
        IReadOnlyList<SearchDocument> documents = ServicePlaces.Of(told, bySpace);
        HashSet<string> ids = [.. documents.Select(document => (string)document[ServiceFields.Id])];
        await client.UploadAsync(documents, cancellationToken);
        if (await FindHeadAsync(source.AssetId, cancellationToken) is { } other && other.Supersedes(head))
        {
            await client.DeleteAsync(ids, cancellationToken); // a later version, or the end of the asset, came meanwhile
            return true;
        }
        await DeletePlacesAsync(source.AssetId, head.Modified, ids, cancellationToken);
        // Last: an asset whose head is not there is written again.
        await WriteAsync(head, cancellationToken);
        return true;
    }

    public async Task RemoveAsync(string asset, string version, CancellationToken cancellationToken, DateTimeOffset? asOf = null)
    {
        ServiceHead gone = new(asset, asset, version, 0, asOf ?? time.GetUtcNow(), IsGone: true, []);
        try
        {
            if (asOf is not null && await FindHeadAsync(asset, cancellationToken) is { } known && known.Supersedes(gone))
            {
                return;
            }
            // First: it keeps out what comes late.
            await WriteAsync(gone, cancellationToken);
            await DeletePlacesAsync(asset, gone.Modified, [], cancellationToken);
        }
        catch (SearchServiceException e) when (e.Status == 404)
        {
            // There is no index yet, and nothing in it.
        }
    }

    /// <summary>Nothing is left of it but that it is gone: the service keeps no older state.</summary>
    public Task EraseAsync(string asset, CancellationToken cancellationToken) => RemoveAsync(asset, "", cancellationToken);

    /// <summary>There is nothing to delete: see <see cref="Drop"/>.</summary>
    public Task DeleteUnheldAsync(TimeSpan unchangedFor, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All instances search the same index.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        DateTimeOffset forgetBefore = time.GetUtcNow() - TombstonesKept;
        string[] old = [.. _heads.Values.Where(head => head.IsGone && head.Modified < forgetBefore).Select(head => head.Asset)];
        await client.DeleteAsync(old.Select(ServiceHead.IdOf), cancellationToken);
        foreach (string asset in old)
        {
            _heads.TryRemove(asset, out _);
        }
    }

    public Task SetAsideAsync(IReadOnlyCollection<DamagedSegment> damaged, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _holding.Dispose();

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await foreach (ServiceDocument document in client.ListAsync(ODataFilter.Heads, ServiceHead.Fields, cancellationToken))
        {
            Remember(ServiceHead.Read(document));
        }
        log.HeadsRead(_heads.Count);
    }

    private async Task<ServiceHead?> FindHeadAsync(string asset, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(ServiceHead.IdOf(asset), cancellationToken) is not { } document)
        {
            return null;
        }
        ServiceHead head = ServiceHead.Read(document);
        Remember(head);
        return head;
    }

    private async Task WriteAsync(ServiceHead head, CancellationToken cancellationToken)
    {
        await client.UploadAsync([head.Write()], cancellationToken);
        Remember(head);
    }

    private void Remember(ServiceHead head) => _heads.AddOrUpdate(head.Asset, head, (_, known) => known.Supersedes(head) ? known : head);

    private async Task DeletePlacesAsync(string asset, DateTimeOffset until, HashSet<string> but, CancellationToken cancellationToken)
    {
        string filter = ODataFilter.PlacesOf(asset, until);
        List<string> left = [];
        await foreach (ServiceDocument document in client.ListAsync(filter, [], cancellationToken))
        {
            if (!but.Contains(document.Id))
            {
                left.Add(document.Id);
            }
        }
        await client.DeleteAsync(left, cancellationToken);
    }
}
