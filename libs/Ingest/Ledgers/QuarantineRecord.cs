using Serverless.Media;
using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>The object <c>quarantine/{asset}.json</c>: why an asset version was given up, and where it lies.</summary>
public sealed record QuarantineRecord(
    string Asset,
    string Version,
    AssetSource Source,
    Failure Failure,
    int Run,
    int Attempts,
    DateTimeOffset Quarantined,
    MediaKind? Kind,
    string? MediaType,
    long? Length
);

/// <summary>Reads and writes the quarantine of every store. The ledger's state decides; a record explains it.</summary>
public sealed class Quarantine(AssetStores stores)
{
    private const int MaxRecordBytes = 64 << 10;

    public async Task PutAsync(QuarantineRecord record, CancellationToken cancellationToken)
    {
        using Stream body = AssetsJson.Write(record).ToStream();
        await stores[record.Source.Store]
            .WriteAsync(AssetLayout.Quarantine(record.Asset), body, WriteCondition.Always, "application/json", cancellationToken);
    }

    public async Task<QuarantineRecord?> FindAsync(string store, string asset, CancellationToken cancellationToken) =>
        await stores[store].ReadAsync(AssetLayout.Quarantine(asset), MaxRecordBytes, cancellationToken) is { } content
            ? AssetsJson.Read<QuarantineRecord>(content.Data)
            : null;

    /// <summary>Takes away the record of an asset that came to a result after all.</summary>
    public Task ClearAsync(string store, string asset, CancellationToken cancellationToken) =>
        stores[store].DeleteAsync(AssetLayout.Quarantine(asset), cancellationToken);
}
