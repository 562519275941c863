using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The vectors of one space: ready for searching, and as segment objects under <c>index/{space}/</c> from which any instance
/// arrives at the same, whatever the order. Small segments are held in memory, large ones as files that are mapped. Thread-safe. A known
/// segment takes about 250 bytes; merging keeps them few. Whoever searches a space no longer disposes of it.
/// </summary>
internal sealed class IndexedSpace : IDisposable
{
    private const int ParallelReads = 16;

    /// <summary>Each is held in memory, as it is read and as it is searched, until its file is written.</summary>
    private const int ParallelLargeReads = 2;

    /// <summary>A file is not worth it below.</summary>
    private const long LargeBytes = 1 << 20;

    private readonly ILogger _log;
    private readonly SegmentObjects _objects;
    private readonly LocalSegments _local;
    private readonly SegmentMerge _merge;
    private readonly GroupedWrites _writes;
    private readonly ConcurrentDictionary<string, string> _applied = new(StringComparer.Ordinal); // path → version of applied segments
    private readonly ConcurrentDictionary<string, string> _damaged = new(StringComparer.Ordinal); // the same, of damaged ones
    private readonly SemaphoreSlim _refreshing = new(1);

    public IndexedSpace(IObjectStore store, VectorSpace space, TimeProvider time, ILogger log, VectorIndexOptions? options = null)
    {
        (Space, _log) = (space, log);
        Vectors = new VectorIndex(space.Dimensions, options);
        _objects = new SegmentObjects(store, space, log);
        _local = new LocalSegments(options?.CacheFolder, store, space, Vectors, log);
        _merge = new SegmentMerge(_objects, Vectors, space.Name, time, log);
        _writes = new GroupedWrites(WriteGroupAsync);
    }

    public VectorSpace Space { get; }
    public VectorIndex Vectors { get; }
    public int Segments => _applied.Count;

    /// <summary>On storage first, in memory second: what a search finds survives a crash.</summary>
    public Task UpsertAsync(AssetVectors batch, CancellationToken cancellationToken) =>
        _writes.AddAsync(batch).WaitAsync(cancellationToken);

    /// <summary>Applies the segments that other instances wrote, and merges small ones when there are many.</summary>
    public async Task RefreshAsync(bool merge, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            List<StoredObject> listed = await _objects.ListAsync(cancellationToken);
            foreach (StoredObject damaged in _local.TakeDamaged(listed))
            {
                _applied.TryRemove(damaged.Path, out _);
            }
            ILookup<bool, StoredObject> unknown = listed
                .Where(segment => _applied.GetValueOrDefault(segment.Path) != segment.Version)
                .ToLookup(segment => segment.Length >= LargeBytes);
            await ApplyAsync(unknown[true], ParallelLargeReads, cancellationToken);
            await ApplyAsync(unknown[false], ParallelReads, cancellationToken);
            HashSet<string> present = listed.Select(segment => segment.Path).ToHashSet(StringComparer.Ordinal);
            foreach (string merged in _applied.Keys.Where(path => !present.Contains(path)).ToList())
            {
                _applied.TryRemove(merged, out _);
            }
            _local.RemoveAllBut(listed);
            if (merge)
            {
                await TidyAsync(listed, cancellationToken);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Rewrites every segment that holds something of the asset. Reads all of which it cannot be told without.</summary>
    public async Task EraseAsync(string asset, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                (await _objects.ListAsync(cancellationToken)).Where(segment => Vectors.MayHold(_local.PathOf(segment), asset)),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelLargeReads, CancellationToken = cancellationToken },
                async (segment, token) => await EraseAsync(segment, asset, token)
            );
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose()
    {
        Vectors.Dispose();
        _refreshing.Dispose();
    }

    private async Task EraseAsync(StoredObject segment, string asset, CancellationToken cancellationToken)
    {
        bool Holds(AssetVectors batch) => batch.Asset == asset && batch.Entries.Count > 0;

        if (await _objects.ReadAsync(segment, cancellationToken) is not { Fault: null } content || !content.Batches.Any(Holds))
        {
            return;
        }
        AssetVectors[] others = [.. content.Batches.Where(batch => !Holds(batch))];
        if (others.Length == 0)
        {
            await _objects.DeleteAsync(segment.Path, cancellationToken);
            return;
        }
        Written(await _objects.WriteAsync(segment.Path, others, cancellationToken), others);
    }

    /// <summary>Named by what it holds: written again after a failure, a group of one takes its own place.</summary>
    private async Task WriteGroupAsync(IReadOnlyList<AssetVectors> group)
    {
        string[] names = [.. group.Select(batch => $"{batch.Asset}-{batch.Version}{(batch.Entries.Count == 0 ? "-gone" : "")}")];
        string path = _objects.PathOf(names is [string only] ? only : $"group-{SegmentMerge.DigestOf(names)}");
        StoredObject stored = await _objects.WriteAsync(path, group, CancellationToken.None); // the store's own patience bounds it
        Vectors.Apply([.. group]);
        _applied[path] = stored.Version;
    }

    private Task ApplyAsync(IEnumerable<StoredObject> segments, int parallel, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            segments,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (segment, token) => await ApplyAsync(segment, token)
        );

    private async Task ApplyAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        if (segment.Length >= LargeBytes && _local.TryAttach(segment))
        {
            _applied[segment.Path] = segment.Version;
            return;
        }
        if (await _objects.ReadAsync(segment, cancellationToken) is not { } content)
        {
            return;
        }
        if (content.Fault is null)
        {
            Written(segment, content.Batches);
            return;
        }
        Vectors.Apply([.. content.Batches]);
        _damaged[segment.Path] = segment.Version;
        _applied[segment.Path] = segment.Version;
    }

    /// <summary>Takes over what a segment is known to hold.</summary>
    private void Written(StoredObject segment, IReadOnlyList<AssetVectors> batches)
    {
        if (segment.Length >= LargeBytes)
        {
            _local.Attach(segment, batches);
        }
        else
        {
            Vectors.Apply([.. batches]);
        }
        _applied[segment.Path] = segment.Version;
    }

    private async Task TidyAsync(List<StoredObject> listed, CancellationToken cancellationToken)
    {
        while (Vectors.Compact())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        foreach (StoredObject segment in listed.Where(segment => _damaged.GetValueOrDefault(segment.Path) == segment.Version))
        {
            await _merge.SalvageAsync(segment, Written, cancellationToken);
            _damaged.TryRemove(segment.Path, out _);
        }
        await _merge.RunAsync(listed, segment => Vectors.IsMostlyDead(_local.PathOf(segment)), Written, cancellationToken);
        if (Vectors.SpillFault is { } fault)
        {
            _log.VectorsStayInMemory(Space.Name, fault);
        }
    }
}
