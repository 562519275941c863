using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>Writes a segment where the condition holds.</summary>
internal delegate Task WriteSegment(
    string path,
    IReadOnlyList<AssetVectors> batches,
    WriteCondition condition,
    CancellationToken cancellationToken
);

/// <summary>
/// Takes what was kept of an asset out of the segments of a space, each of which is written anew without it. A segment is only written over
/// as it was read: what others merge, erase or rewrite meanwhile is listed and read again.
/// </summary>
internal sealed class SegmentErasure(SegmentObjects objects, WriteSegment write)
{
    /// <summary>Each is held in memory as it is read and as it is written.</summary>
    private const int ParallelSegments = 2;

    private const int MostRounds = 8;

    /// <param name="mayHold">False of segments that need not be read.</param>
    /// <exception cref="IOException">Others changed segments each time: the erasure is to be repeated.</exception>
    public async Task RunAsync(string asset, Func<StoredObject, bool> mayHold, CancellationToken cancellationToken)
    {
        for (int round = 1; await EraseAsync(asset, mayHold, cancellationToken) is var changed and > 0; round++)
        {
            if (round == MostRounds)
            {
                throw new IOException($"{changed} segments changed whenever asset {asset} was to be taken out of them, {round} times.");
            }
        }
    }

    /// <returns>How many were changed by others before they could be.</returns>
    private async Task<int> EraseAsync(string asset, Func<StoredObject, bool> mayHold, CancellationToken cancellationToken)
    {
        int changed = 0;
        await Parallel.ForEachAsync(
            (await objects.ListAsync(cancellationToken)).Where(mayHold),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSegments, CancellationToken = cancellationToken },
            async (segment, token) =>
            {
                if (!await TryEraseAsync(segment, asset, token))
                {
                    Interlocked.Increment(ref changed);
                }
            }
        );
        return changed;
    }

    /// <summary>False where others changed it. What is damaged is left to whoever sets it aside.</summary>
    private async Task<bool> TryEraseAsync(StoredObject segment, string asset, CancellationToken cancellationToken)
    {
        if (await objects.ReadAsync(segment, cancellationToken) is not { } content)
        {
            return false;
        }
        if (content.Fault is not null || !content.Batches.Any(batch => IsKept(batch, asset)))
        {
            return true;
        }
        AssetVectors[] others = [.. content.Batches.Where(batch => !IsKept(batch, asset))];
        if (others.Length == 0)
        {
            await objects.DeleteAsync(segment.Path, cancellationToken);
            return true;
        }
        try
        {
            await write(segment.Path, others, WriteCondition.IfMatch(segment.Version), cancellationToken);
            return true;
        }
        catch (ObjectConflictException)
        {
            return false;
        }
    }

    public static bool IsKept(AssetVectors batch, string asset) => batch.Asset == asset && batch.Entries.Count > 0;
}
