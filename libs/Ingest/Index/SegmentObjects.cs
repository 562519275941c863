using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>The segments of a space in the object store, under <c>index/{space}/</c>.</summary>
internal sealed class SegmentObjects(IObjectStore store, VectorSpace space, ILogger log)
{
    private string Prefix => $"{AssetLayout.IndexPrefix}{space.Name}/";

    public string PathOf(string name) => $"{Prefix}{name}.vseg";

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
                space.Name,
                space.Dimensions,
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

    public async Task<StoredObject> WriteAsync(string path, IReadOnlyList<AssetVectors> batches, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, space.Name, space.Dimensions, batches, cancellationToken);
        body.Position = 0;
        return await store.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", cancellationToken);
    }

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => store.DeleteAsync(path, cancellationToken);
}
