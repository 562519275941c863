using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// Keeps segments few and free of what was replaced, one bounded step at a time: small ones become one of the next size, one that is more
/// than half dead, that has something of an asset which is gone, or that is damaged is written anew with what still counts of it.
/// </summary>
/// <param name="catchUp">Applies what others wrote.</param>
internal sealed class SegmentMerge(
    SegmentObjects objects,
    VectorIndex index,
    string space,
    WriteSegment write,
    Func<CancellationToken, Task> catchUp,
    TimeProvider time,
    ILogger log
)
{
    /// <summary>
    /// So many segments of about one size become one of the next: each vector is rewritten once per factor of 32 in growth.
    /// </summary>
    private const int MergeAtOnce = 32;

    /// <summary>Of one size at a time; the rest waits for the next refresh.</summary>
    private const int MaxMerged = 256;

    /// <summary>Held in memory while they are merged; a larger segment is not merged any more, and 20,000 vectors fill it.</summary>
    private const long MaxBytes = 64 << 20;

    private const long LargeBytes = MaxBytes / 2;
    private const long SmallestTierBytes = 64 << 10;

    /// <summary>Deletions take one part of the time, others have this many.</summary>
    private const int PauseForDeletion = 3;

    /// <summary>Longer than any late writer may still hold an older batch of a deleted asset.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(30);

    public async Task RunAsync(IReadOnlyList<StoredObject> listed, Func<StoredObject, bool> isCrowded, CancellationToken cancellationToken)
    {
        foreach (
            IGrouping<int, StoredObject> tier in listed
                .Where(segment => segment.Length < LargeBytes)
                .GroupBy(segment => TierOf(segment.Length))
                .Where(tier => tier.Count() >= MergeAtOnce)
        )
        {
            await MergeAsync([.. tier.Take(MaxMerged)], fewest: 2, cancellationToken);
        }
        if (listed.Where(isCrowded).Take(MaxMerged).ToList() is { Count: > 0 } crowded)
        {
            await MergeAsync(crowded, fewest: 1, cancellationToken);
        }
    }

    /// <summary>
    /// What could be read of a damaged segment takes its place, once the rest has been written again. Read once more before: it may have
    /// been the way here that was damaged.
    /// </summary>
    public async Task SalvageAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        if (await objects.ReadAsync(segment, cancellationToken) is not { Fault: not null, IsOfOtherFormat: false } content)
        {
            return;
        }
        AssetVectors[] whole = [.. content.Batches.Where(index.IsNewest)];
        if (whole.Length > 0)
        {
            string path = objects.PathOf($"salvaged-{DigestOf([$"{segment.Path}\n{segment.Version}"])}");
            await write(path, whole, WriteCondition.Always, cancellationToken);
        }
        await objects.DeleteAsync(segment.Path, cancellationToken);
        log.SegmentSetAside(segment.Path, whole.Length);
    }

    public static string DigestOf(IEnumerable<string> members)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string member in members.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{member}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private async Task MergeAsync(IReadOnlyList<StoredObject> segments, int fewest, CancellationToken cancellationToken)
    {
        List<StoredObject> merged = [];
        List<AssetVectors> batches = [];
        long bytes = 0;
        foreach (StoredObject segment in segments)
        {
            bytes += segment.Length;
            if (merged.Count >= fewest && bytes > MaxBytes)
            {
                break;
            }
            if (await objects.ReadAsync(segment, cancellationToken) is { Fault: null } content)
            {
                merged.Add(segment);
                // A newer version that is known here is on storage too.
                batches.AddRange(content.Batches.Where(index.IsNewest));
            }
        }
        if (merged.Count < fewest)
        {
            return;
        }
        string path = objects.PathOf($"merged-{DigestOf(merged.Select(segment => $"{segment.Path}\n{segment.Version}"))}");
        await WriteAsync(path, VectorSegment.Merge(batches, time.GetUtcNow() - TombstonesKept), cancellationToken);
        foreach (StoredObject segment in merged.Where(segment => segment.Path != path))
        {
            long started = time.GetTimestamp();
            await objects.DeleteAsync(segment.Path, cancellationToken);
            // A store for which that is hard work has uploads to take as well.
            await Task.Delay(time.GetElapsedTime(started) * PauseForDeletion, time, cancellationToken);
        }
        log.SegmentsMerged(space, merged.Count, path);
    }

    /// <summary>
    /// What another instance removed or erased while the segments were read may be among them, and must not last in the new one: whoever
    /// erases marks the end of the asset first and lists segments then, so that either the mark is seen here, or the new segment there.
    /// </summary>
    private async Task WriteAsync(string path, IReadOnlyList<AssetVectors> newest, CancellationToken cancellationToken)
    {
        for (bool isWritten = false; ; isWritten = true)
        {
            if (newest.Count > 0)
            {
                await write(path, newest, WriteCondition.Always, cancellationToken);
            }
            else if (isWritten)
            {
                await objects.DeleteAsync(path, cancellationToken);
            }
            await catchUp(cancellationToken);
            AssetVectors[] still = [.. newest.Where(index.IsNewest)];
            if (still.Length == newest.Count)
            {
                return;
            }
            newest = still;
        }
    }

    private static int TierOf(long bytes) =>
        bytes <= SmallestTierBytes ? 0 : (int)Math.Ceiling(Math.Log((double)bytes / SmallestTierBytes, MergeAtOnce));
}
