using System.IO.Compression;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>
/// The object <c>views/ledger.json.gz</c>: what a view of the ledger showed when it was last reconciled, or had read much. A process that
/// starts reads it instead of every document of the ledger, and then only those that changed since.
/// </summary>
public sealed record LedgerSnapshot(IReadOnlyList<LedgerRow> Rows, IngestSummary Summary, DateTimeOffset AsOf)
{
    /// <summary>Reading fewer documents takes less than a second.</summary>
    public const int FewestRows = 500;

    public static async Task<LedgerSnapshot?> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await store.OpenAsync(AssetLayout.LedgerSnapshot, version: null, 0, cancellationToken);
            await using GZipStream json = new(stream, CompressionMode.Decompress);
            return await JsonSerializer.DeserializeAsync<LedgerSnapshot>(json, AssetsJson.Options, cancellationToken);
        }
        catch (Exception e) when (e is ObjectMissingException or JsonException or InvalidDataException)
        {
            return null; // it spares reading, and no more
        }
    }

    public async Task WriteAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await using (GZipStream json = new(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            await JsonSerializer.SerializeAsync(json, this, AssetsJson.Options, cancellationToken);
        }
        body.Position = 0;
        await store.WriteAsync(AssetLayout.LedgerSnapshot, body, WriteCondition.Always, "application/gzip", cancellationToken);
    }
}
