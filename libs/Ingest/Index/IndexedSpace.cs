using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The vectors of one space: in memory for searching, and as segment objects under <c>index/{space}/</c> from which any instance
/// arrives at the same memory, whatever the order. Thread-safe. A known segment takes about 250 bytes; merging keeps them few.
/// </summary>
internal sealed class IndexedSpace
{
    private const int ParallelReads = 16;

    /// <summary>
    /// So many segments of about one size become one of the next: each vector is rewritten once per factor of 32 in growth.
    /// </summary>
    private const int MergeAtOnce = 32;

    /// <summary>Of one size at a time; the rest waits for the next refresh.</summary>
    private const int MaxMerged = 256;

    /// <summary>Deletions take one part of the time, others have this many.</summary>
    private const int PauseForDeletion = 3;

    private const long SmallestTierBytes = 64 << 10;

    /// <summary>Longer than any late writer may still hold an older batch of a deleted asset.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(30);

    private readonly IObjectStore _store;
    private readonly VectorSpace _space;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly VectorIndex _index;
    private readonly GroupedWrites _writes;
    private readonly ConcurrentDictionary<string, string> _applied = new(StringComparer.Ordinal); // path → version of applied segments
    private readonly SemaphoreSlim _refreshing = new(1);

    public IndexedSpace(IObjectStore store, VectorSpace space, TimeProvider time, ILogger log)
    {
        (_store, _space, _time, _log) = (store, space, time, log);
        _index = new VectorIndex(space.Dimensions);
        _writes = new GroupedWrites(WriteGroupAsync);
    }

    public VectorSpace Space => _space;
    public VectorIndex Vectors => _index;
    public int Segments => _applied.Count;

    private string Prefix => $"{AssetLayout.IndexPrefix}{_space.Name}/";

    /// <summary>On storage first, in memory second: what a search finds survives a crash.</summary>
    public Task UpsertAsync(AssetVectors batch, CancellationToken cancellationToken) =>
        _writes.AddAsync(batch).WaitAsync(cancellationToken);

    /// <summary>Applies the segments that other instances wrote, and merges small ones when there are many.</summary>
    public async Task RefreshAsync(bool merge, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            List<StoredObject> listed = [];
            await foreach (StoredObject stored in _store.ListAsync(Prefix, cancellationToken))
            {
                listed.Add(stored);
            }
            await Parallel.ForEachAsync(
                listed.Where(segment => _applied.GetValueOrDefault(segment.Path) != segment.Version),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                async (segment, token) => await ApplyAsync(segment, token)
            );
            HashSet<string> present = listed.Select(segment => segment.Path).ToHashSet(StringComparer.Ordinal);
            foreach (string merged in _applied.Keys.Where(path => !present.Contains(path)).ToList())
            {
                _applied.TryRemove(merged, out _);
            }
            if (merge)
            {
                await MergeAsync(listed, cancellationToken);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Rewrites every segment that holds something of the asset. Reads them all.</summary>
    public async Task EraseAsync(string asset, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                _store.ListAsync(Prefix, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                async (segment, token) => await EraseAsync(segment, asset, token)
            );
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task EraseAsync(StoredObject segment, string asset, CancellationToken cancellationToken)
    {
        bool Holds(AssetVectors batch) => batch.Asset == asset && batch.Entries.Count > 0;

        if (await ReadAsync(segment, cancellationToken) is not { Fault: null } content || !content.Batches.Any(Holds))
        {
            return;
        }
        AssetVectors[] others = [.. content.Batches.Where(batch => !Holds(batch))];
        if (others.Length == 0)
        {
            await _store.DeleteAsync(segment.Path, cancellationToken);
            return;
        }
        _applied[segment.Path] = (await WriteAsync(segment.Path, others, cancellationToken)).Version;
    }

    /// <summary>Named by what it holds: written again after a failure, a group of one takes its own place.</summary>
    private async Task WriteGroupAsync(IReadOnlyList<AssetVectors> group)
    {
        string[] names = [.. group.Select(batch => $"{batch.Asset}-{batch.Version}{(batch.Entries.Count == 0 ? "-gone" : "")}")];
        string path = $"{Prefix}{(names is [string only] ? only : $"group-{DigestOf(names)}")}.vseg";
        StoredObject stored = await WriteAsync(path, group, CancellationToken.None); // the store's own patience bounds it
        _index.Apply([.. group]);
        _applied[path] = stored.Version;
    }

    private async Task ApplyAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        if (await ReadAsync(segment, cancellationToken) is not { } content)
        {
            return;
        }
        _index.Apply([.. content.Batches]);
        _applied[segment.Path] = segment.Version;
    }

    private async Task MergeAsync(IReadOnlyList<StoredObject> listed, CancellationToken cancellationToken)
    {
        foreach (
            IGrouping<int, StoredObject> tier in listed
                .GroupBy(segment => TierOf(segment.Length))
                .Where(tier => tier.Count() >= MergeAtOnce)
        )
        {
            List<StoredObject> merged = [];
            List<AssetVectors> batches = [];
            foreach (StoredObject segment in tier.Take(MaxMerged))
            {
                if (await ReadAsync(segment, cancellationToken) is not { Fault: null } content)
                {
                    continue;
                }
                merged.Add(segment);
                batches.AddRange(content.Batches);
            }
            if (merged.Count < 2)
            {
                continue;
            }
            string path = $"{Prefix}merged-{DigestOf(merged.Select(segment => $"{segment.Path}\n{segment.Version}"))}.vseg";
            IReadOnlyList<AssetVectors> newest = VectorSegment.Merge(batches, _time.GetUtcNow() - TombstonesKept);
            StoredObject stored = await WriteAsync(path, newest, cancellationToken);
            _applied[path] = stored.Version;
            foreach (StoredObject segment in merged.Where(segment => segment.Path != path))
            {
                long started = _time.GetTimestamp();
                await _store.DeleteAsync(segment.Path, cancellationToken);
                // A store for which that is hard work has uploads to take as well.
                await Task.Delay(_time.GetElapsedTime(started) * PauseForDeletion, _time, cancellationToken);
            }
            _log.SegmentsMerged(_space.Name, merged.Count, path);
        }
    }

    private async Task<VectorSegmentContent?> ReadAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await _store.OpenAsync(segment.Path, segment.Version, 0, cancellationToken);
            VectorSegmentContent content = await VectorSegment.ReadAsync(
                stream,
                _space.Name,
                _space.Dimensions,
                new VectorSegmentLimits(),
                cancellationToken
            );
            if (content.Fault is not null)
            {
                _log.SegmentDamaged(segment.Path, content.Fault);
            }
            return content;
        }
        catch (ObjectException e) when (e is ObjectMissingException or ObjectChangedException)
        {
            // Merged or rewritten by another instance since it was listed: the next refresh reads what replaced it.
            return null;
        }
    }

    private async Task<StoredObject> WriteAsync(string path, IReadOnlyList<AssetVectors> batches, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, _space.Name, _space.Dimensions, batches, cancellationToken);
        body.Position = 0;
        return await _store.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", cancellationToken);
    }

    private static int TierOf(long bytes) =>
        bytes <= SmallestTierBytes ? 0 : (int)Math.Ceiling(Math.Log((double)bytes / SmallestTierBytes, MergeAtOnce));

    private static string DigestOf(IEnumerable<string> members)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string member in members.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{member}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
