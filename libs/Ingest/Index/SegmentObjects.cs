using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The segments of a space in the object store, under <c>index/{space}/</c>, and what is known to be wrong with them. Thread-safe.
/// </summary>
/// <param name="dimensions">Null for as many as each segment says; then nothing can be written.</param>
internal sealed class SegmentObjects(IObjectStore store, string space, int? dimensions, ILogger log)
{
    private readonly ConcurrentDictionary<string, DamagedSegment> _damaged = new(StringComparer.Ordinal); // by path
    private readonly ConcurrentDictionary<string, byte> _deleted = new(StringComparer.Ordinal); // paths that were deleted here

    private string Prefix => PrefixOf(space);

    public bool AreWhole => _damaged.IsEmpty;

    /// <summary>Those of which the last reading failed; one that is rewritten or gone is no longer among them.</summary>
    public IReadOnlyList<DamagedSegment> Damaged => [.. _damaged.Values.OrderBy(one => one.Path, StringComparer.Ordinal)];

    public static string PrefixOf(string space) => $"{AssetLayout.IndexPrefix}{space}/";

    public string PathOf(string name) => $"{Prefix}{name}.vseg";

    /// <summary>
    /// Named by what it holds, down to the revision: written again after a failure, it takes its own place, and never that of another,
    /// which a merge may be about to delete.
    /// </summary>
    public string PathOf(IReadOnlyList<AssetVectors> batches)
    {
        string[] names =
        [
            .. batches.Select(batch =>
                $"{batch.Asset}-{batch.Version}-{batch.Modified.UtcTicks}{(batch.Entries.Count == 0 ? "-gone" : "")}"
            ),
        ];
        return PathOf(names is [string only] ? only : $"group-{SegmentMerge.DigestOf(names)}");
    }

    public ValueTask<List<StoredObject>> ListAsync(CancellationToken cancellationToken) =>
        store.ListAsync(Prefix, cancellationToken).ToListAsync(cancellationToken);

    /// <summary>Null where another instance merged or rewrote it since it was listed: the next refresh reads what replaced it.</summary>
    public async Task<VectorSegmentContent?> ReadAsync(StoredObject segment, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await store.OpenAsync(segment.Path, segment.Version, 0, cancellationToken);
            VectorSegmentContent content = await VectorSegment.ReadAsync(
                stream,
                space,
                dimensions,
                new VectorSegmentLimits(),
                cancellationToken
            );
            Remember(segment, content.Fault);
            return content;
        }
        catch (ObjectException e) when (e is ObjectMissingException or ObjectChangedException)
        {
            return null;
        }
    }

    /// <exception cref="ObjectConflictException">The condition does not hold.</exception>
    public async Task<StoredObject> WriteAsync(
        string path,
        IReadOnlyList<AssetVectors> batches,
        WriteCondition condition,
        CancellationToken cancellationToken
    )
    {
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, space, dimensions!.Value, batches, cancellationToken);
        body.Position = 0;
        StoredObject written = await store.WriteAsync(path, body, condition, "application/octet-stream", cancellationToken);
        _damaged.TryRemove(path, out _);
        _deleted.TryRemove(path, out _);
        return written;
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        _deleted[path] = 0; // before it is: a listing may come between
        await store.DeleteAsync(path, cancellationToken);
        _damaged.TryRemove(path, out _);
    }

    /// <summary>Forgets a segment that is listed no longer. False where it was not deleted here.</summary>
    public bool Forget(string path)
    {
        _damaged.TryRemove(path, out _);
        return _deleted.TryRemove(path, out _);
    }

    private void Remember(StoredObject segment, string? fault)
    {
        if (fault is null)
        {
            _damaged.TryRemove(segment.Path, out _);
            return;
        }
        log.SegmentDamaged(segment.Path, fault);
        _damaged[segment.Path] = new DamagedSegment(space, segment.Path, segment.Version, fault);
    }
}
