using Microsoft.Extensions.Logging;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>The segments of a space in the object store, under <c>index/{space}/</c>.</summary>
/// <param name="dimensions">Null for as many as each segment says; then nothing can be written.</param>
internal sealed class SegmentObjects(IObjectStore store, string space, int? dimensions, ILogger log)
{
    private string Prefix => PrefixOf(space);

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
            if (content.Fault is not null)
            {
                log.SegmentDamaged(segment.Path, content.Fault);
            }
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
        return await store.WriteAsync(path, body, condition, "application/octet-stream", cancellationToken);
    }

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => store.DeleteAsync(path, cancellationToken);
}
