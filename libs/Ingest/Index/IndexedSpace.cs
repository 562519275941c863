using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The vectors of one space: ready for searching, and as segment objects under <c>index/{space}/</c> from which any instance
/// arrives at the same, whatever the order. Small segments are held in memory, large ones as files that are mapped. Thread-safe. A known
/// segment takes about 250 bytes; merging keeps them few. Whoever searches a space no longer disposes of it: what is under way then ends
/// with an exception, and nothing of the space is written any more.
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
    private readonly SegmentErasure _erasure;
    private readonly GroupedWrites _writes;
    private readonly ConcurrentDictionary<string, string> _applied = new(StringComparer.Ordinal); // path → version of applied segments
    private readonly ConcurrentDictionary<string, string> _damaged = new(StringComparer.Ordinal); // the same, of damaged ones
    private readonly ConcurrentDictionary<string, string> _holdGone = new(StringComparer.Ordinal); // of small ones with what is gone
    private readonly ConcurrentDictionary<string, byte> _writing = new(StringComparer.Ordinal); // paths that are written here just now
    private readonly ConcurrentQueue<VectorVersion> _news = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _tidying = new(1); // for long: reading what others write does not wait for it
    private readonly CancellationTokenSource _dropped = new();
    private bool _hasRead; // guarded by _reading; what was there before that is no news

    public IndexedSpace(IObjectStore store, VectorSpace space, TimeProvider time, ILogger log, VectorIndexOptions? options = null)
    {
        (Space, _log) = (space, log);
        Vectors = new VectorIndex(space.Dimensions, options);
        _objects = new SegmentObjects(store, space.Name, space.Dimensions, log);
        _local = new LocalSegments(options?.CacheFolder, store, space, Vectors, log);
        _merge = new SegmentMerge(_objects, Vectors, space.Name, WriteAsync, CatchUpAsync, time, log);
        _erasure = new SegmentErasure(_objects, WriteAsync);
        _writes = new GroupedWrites(WriteGroupAsync);
    }

    public VectorSpace Space { get; }
    public VectorIndex Vectors { get; }
    public int Segments => _applied.Count;

    /// <summary>Whether nobody searches it any longer.</summary>
    public bool IsDropped => _dropped.IsCancellationRequested;

    /// <summary>On storage first, in memory second: what a search finds survives a crash.</summary>
    public Task UpsertAsync(AssetVectors batch, CancellationToken cancellationToken) =>
        IsDropped ? Task.CompletedTask : _writes.AddAsync(batch).WaitAsync(cancellationToken);

    /// <summary>
    /// Applies the segments that other instances wrote: one listing, and nothing more where there are none. Waits for no merge.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dropped.Token);
        await ReadNewAsync(_ => { }, held.Token);
    }

    /// <summary>
    /// The versions that came with others' segments since this was asked last, or since all that was there was read first; also those that
    /// were known.
    /// </summary>
    public IReadOnlyList<VectorVersion> TakeNews()
    {
        List<VectorVersion> news = [];
        while (_news.TryDequeue(out VectorVersion? version))
        {
            news.Add(version);
        }
        return news;
    }

    /// <summary>Catches up, then merges small segments when there are many.</summary>
    public async Task RefreshAsync(bool merge, CancellationToken cancellationToken)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dropped.Token);
        await _tidying.WaitAsync(held.Token);
        try
        {
            // Files are removed while neither a listing nor a merge makes one.
            List<StoredObject> listed = await ReadNewAsync(_local.RemoveAllBut, held.Token);
            if (merge)
            {
                await TidyAsync(listed, held.Token);
            }
        }
        finally
        {
            _tidying.Release();
        }
    }

    /// <summary>Rewrites every segment that holds something of the asset. Reads all of which it cannot be told without.</summary>
    public async Task EraseAsync(string asset, CancellationToken cancellationToken)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dropped.Token);
        await _tidying.WaitAsync(held.Token);
        try
        {
            await _erasure.RunAsync(asset, segment => Vectors.MayHold(_local.PathOf(segment), asset), held.Token);
        }
        finally
        {
            _tidying.Release();
        }
    }

    public void Dispose()
    {
        _dropped.Cancel();
        Vectors.Dispose();
    }

    private async Task<List<StoredObject>> ReadNewAsync(Action<List<StoredObject>> then, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            string[] known = [.. _applied.Keys]; // what is written from here on is in no listing yet
            List<StoredObject> listed = await _objects.ListAsync(cancellationToken);
            foreach (StoredObject damaged in _local.TakeDamaged(listed))
            {
                _applied.TryRemove(damaged.Path, out _);
            }
            ILookup<bool, StoredObject> unknown = listed
                .Where(segment => _applied.GetValueOrDefault(segment.Path) != segment.Version && !_writing.ContainsKey(segment.Path))
                .ToLookup(segment => segment.Length >= LargeBytes);
            ConcurrentBag<(StoredObject Segment, VectorVersion Version)> read = [];
            await ApplyAsync(unknown[true], ParallelLargeReads, read, cancellationToken);
            await ApplyAsync(unknown[false], ParallelReads, read, cancellationToken);
            Forget(known, listed);
            Tell(read);
            _hasRead = true;
            then(listed);
            return listed;
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Forget(string[] known, List<StoredObject> listed)
    {
        HashSet<string> present = listed.Select(segment => segment.Path).ToHashSet(StringComparer.Ordinal);
        foreach (string merged in known.Where(path => !present.Contains(path)))
        {
            _applied.TryRemove(merged, out _);
            _holdGone.TryRemove(merged, out _);
        }
    }

    /// <summary>Once all is applied: which of two segments is read first says nothing.</summary>
    private void Tell(IEnumerable<(StoredObject Segment, VectorVersion Version)> read)
    {
        foreach ((StoredObject segment, VectorVersion version) in read)
        {
            if (_hasRead)
            {
                _news.Enqueue(version);
            }
            if (segment.Length < LargeBytes && !version.IsGone && Vectors.IsGone(version.Asset))
            {
                _holdGone[segment.Path] = segment.Version;
            }
        }
    }

    private async Task WriteGroupAsync(IReadOnlyList<AssetVectors> group)
    {
        if (IsDropped)
        {
            return; // nobody asks for it any longer, and what is written now would bring the space back
        }
        string path = _objects.PathOf(group);
        // The store's own patience bounds it.
        StoredObject stored = await _objects.WriteAsync(path, group, WriteCondition.Always, CancellationToken.None);
        Vectors.Apply([.. group]);
        _applied[path] = stored.Version;
    }

    /// <summary>Writes a segment and takes over what it holds; a listing that comes between leaves it alone.</summary>
    private async Task WriteAsync(
        string path,
        IReadOnlyList<AssetVectors> batches,
        WriteCondition condition,
        CancellationToken cancellationToken
    )
    {
        _writing[path] = 0;
        try
        {
            Written(await _objects.WriteAsync(path, batches, condition, cancellationToken), batches);
        }
        finally
        {
            _writing.TryRemove(path, out _);
        }
    }

    private Task ApplyAsync(
        IEnumerable<StoredObject> segments,
        int parallel,
        ConcurrentBag<(StoredObject, VectorVersion)> read,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            segments,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (segment, token) =>
            {
                foreach (VectorVersion version in await ApplyAsync(segment, token))
                {
                    read.Add((segment, version));
                }
            }
        );

    private async Task<IEnumerable<VectorVersion>> ApplyAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        if (segment.Length >= LargeBytes && _local.TryAttach(segment))
        {
            _applied[segment.Path] = segment.Version;
            return _hasRead ? Vectors.VersionsIn(_local.PathOf(segment)) : [];
        }
        if (await _objects.ReadAsync(segment, cancellationToken) is not { } content)
        {
            return [];
        }
        if (content.Fault is null)
        {
            Written(segment, content.Batches);
        }
        else
        {
            Vectors.Apply([.. content.Batches]);
            _damaged[segment.Path] = segment.Version;
            _applied[segment.Path] = segment.Version;
        }
        return content.Batches.Select(VectorVersion.Of);
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
            await _merge.SalvageAsync(segment, cancellationToken);
            _damaged.TryRemove(segment.Path, out _);
        }
        await _merge.RunAsync(listed, IsCrowded, cancellationToken);
        if (Vectors.SpillFault is { } fault)
        {
            _log.VectorsStayInMemory(Space.Name, fault);
        }
    }

    private bool IsCrowded(StoredObject segment) =>
        _holdGone.GetValueOrDefault(segment.Path) == segment.Version
        || (_local.PathOf(segment) is var file && (Vectors.IsMostlyDead(file) || Vectors.HoldsGone(file)));
}
