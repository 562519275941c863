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
    private readonly ConcurrentDictionary<string, string> _holdGone = new(StringComparer.Ordinal); // of small ones with what is gone
    private readonly ConcurrentDictionary<string, byte> _writing = new(StringComparer.Ordinal); // paths that are written here just now
    private readonly ConcurrentDictionary<string, byte> _unstored = new(StringComparer.Ordinal); // assets that only memory has
    private readonly ConcurrentQueue<VectorVersion> _news = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _tidying = new(1); // for long: reading what others write does not wait for it
    private readonly CancellationTokenSource _dropped = new();
    private bool _hasRead; // guarded by _reading; what was there before that is no news
    private volatile bool _hasVanished; // a segment went that was not deleted here: merged elsewhere, or lost

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

    /// <summary>Segments of which not all can be read: what they held may be missing here.</summary>
    public IReadOnlyList<DamagedSegment> Damaged => _objects.Damaged;

    public bool IsComplete => _objects.AreWhole;

    /// <summary>
    /// False where this version may have to be written again: damage took it, or left it in memory alone. In a space with damage also of
    /// whatever never had vectors there.
    /// </summary>
    public bool IsSureOf(string asset, string version) => !_unstored.ContainsKey(asset) && (IsComplete || Vectors.Knows(asset, version));

    /// <summary>Whether nobody searches it any longer.</summary>
    public bool IsDropped => _dropped.IsCancellationRequested;

    /// <summary>On storage first, in memory second: what a search finds survives a crash. What is there already is not written.</summary>
    public Task UpsertAsync(AssetVectors batch, CancellationToken cancellationToken) =>
        IsDropped || (!_unstored.ContainsKey(batch.Asset) && Vectors.Has(VectorVersion.Of(batch)))
            ? Task.CompletedTask
            : _writes.AddAsync(batch).WaitAsync(cancellationToken);

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

    /// <summary>
    /// Catches up, reads once more what was damaged, finds out what only memory still has, and merges small segments when there are many.
    /// </summary>
    public async Task RefreshAsync(bool merge, CancellationToken cancellationToken)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dropped.Token);
        await _tidying.WaitAsync(held.Token);
        try
        {
            foreach (DamagedSegment damaged in merge ? Damaged : [])
            {
                _applied.TryRemove(damaged.Path, out _); // it may have been the way here that was damaged
            }
            // Files are removed while neither a listing nor a merge makes one.
            List<StoredObject> listed = await ReadNewAsync(_local.RemoveAllBut, held.Token);
            if (merge)
            {
                await FindUnstoredAsync(listed, held.Token);
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

    /// <summary>Removes damaged segments, once what they had lost is written again; what could be read of them stays.</summary>
    public async Task SetAsideAsync(IEnumerable<DamagedSegment> damaged, CancellationToken cancellationToken)
    {
        HashSet<(string, string)> known = [.. damaged.Select(one => (one.Path, one.Version))];
        if (known.Count == 0)
        {
            return;
        }
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dropped.Token);
        await _tidying.WaitAsync(held.Token);
        try
        {
            foreach (StoredObject segment in await _objects.ListAsync(held.Token))
            {
                if (known.Contains((segment.Path, segment.Version)))
                {
                    await _merge.SalvageAsync(segment, held.Token);
                    _applied.TryRemove(segment.Path, out _); // one that could be read after all is taken over
                }
            }
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
            _hasVanished |= !_objects.Forget(merged);
        }
    }

    /// <summary>
    /// Names what only memory still has after a segment was damaged or went missing, so that it is written again before a restart loses
    /// it. Reads all small segments; without such a segment, nothing.
    /// </summary>
    private async Task FindUnstoredAsync(IReadOnlyList<StoredObject> listed, CancellationToken cancellationToken)
    {
        if (!_hasVanished && IsComplete)
        {
            return;
        }
        HashSet<string> unstored = [.. Vectors.HeldAssets()];
        foreach (StoredObject segment in listed)
        {
            IReadOnlyList<VectorVersion> versions = Vectors.VersionsIn(_local.PathOf(segment));
            if (versions.Count == 0 && await _objects.ReadAsync(segment, cancellationToken) is { } content)
            {
                versions = [.. content.Batches.Select(VectorVersion.Of)];
            }
            unstored.ExceptWith(versions.Where(Vectors.Has).Select(version => version.Asset));
        }
        foreach (string asset in unstored)
        {
            _unstored[asset] = 0;
        }
        _hasVanished = false;
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
        IsStored(group);
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
        IsStored(batches);
        _applied[segment.Path] = segment.Version;
    }

    private void IsStored(IEnumerable<AssetVectors> batches)
    {
        foreach (AssetVectors batch in batches.Where(batch => !_unstored.IsEmpty && Vectors.Has(VectorVersion.Of(batch))))
        {
            _unstored.TryRemove(batch.Asset, out _);
        }
    }

    private async Task TidyAsync(List<StoredObject> listed, CancellationToken cancellationToken)
    {
        while (Vectors.Compact())
        {
            cancellationToken.ThrowIfCancellationRequested();
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
