using Microsoft.Extensions.Logging;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The spaces in the store that this instance does not hold. Others may hold them, or fill one at this moment: none is deleted before it is
/// old, and an asset that is erased is taken out of each like out of those that are held.
/// </summary>
/// <param name="isHeld">Asked right before a space is touched.</param>
internal sealed class UnheldSpaces(IObjectStore home, Func<string, bool> isHeld, TimeProvider time, ILogger log)
{
    /// <summary>Deletes the segments of spaces of which the newest is as old.</summary>
    public async Task DeleteAsync(TimeSpan unchangedFor, CancellationToken cancellationToken)
    {
        foreach ((string space, DateTimeOffset changed) in await ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() - changed >= unchangedFor && !isHeld(space))
            {
                await home.DeleteAllAsync(SegmentObjects.PrefixOf(space), cancellationToken);
                log.SpaceDeleted(space);
            }
        }
    }

    /// <summary>Writes down the end of the asset as well, for whoever holds the space. Reads all of it.</summary>
    public async Task EraseAsync(string asset, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (string space in (await ListAsync(cancellationToken)).Keys)
        {
            if (!isHeld(space) && await FindAsync(space, asset, cancellationToken) is { } dimensions)
            {
                SegmentObjects objects = new(home, space, dimensions, log);
                AssetVectors[] gone = [AssetVectors.Tombstone(asset, "", at)];
                await objects.WriteAsync(objects.PathOf(gone), gone, WriteCondition.Always, cancellationToken);
                await new SegmentErasure(objects, objects.WriteAsync).RunAsync(asset, _ => true, cancellationToken);
            }
        }
    }

    /// <summary>The number of dimensions of a space that has something of the asset; null of one that has not.</summary>
    private async Task<int?> FindAsync(string space, string asset, CancellationToken cancellationToken)
    {
        SegmentObjects objects = new(home, space, dimensions: null, log);
        foreach (StoredObject segment in await objects.ListAsync(cancellationToken))
        {
            if (
                await objects.ReadAsync(segment, cancellationToken) is { Dimensions: > 0 } content
                && content.Batches.Any(batch => SegmentErasure.IsKept(batch, asset))
            )
            {
                return content.Dimensions;
            }
        }
        return null;
    }

    /// <summary>With the time of the last change to each.</summary>
    private async Task<Dictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, DateTimeOffset> newest = new(StringComparer.Ordinal);
        await foreach (StoredObject segment in home.ListAsync(AssetLayout.IndexPrefix, cancellationToken))
        {
            if (segment.Path[AssetLayout.IndexPrefix.Length..].Split('/') is [var space, _, ..] && !isHeld(space))
            {
                newest[space] =
                    newest.TryGetValue(space, out DateTimeOffset known) && known > segment.LastModified ? known : segment.LastModified;
            }
        }
        return newest;
    }
}
