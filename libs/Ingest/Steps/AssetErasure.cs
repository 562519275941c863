using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The object <c>erasures/{asset}.json</c>: that an asset was erased. Holds neither its name nor anything of its content.
/// </summary>
public sealed record ErasureRecord(string Asset, string Store, DateTimeOffset At, string By);

/// <summary>
/// Takes along what was made of an asset that is gone: the analyses of all its versions with their pictures and vectors, its place in the
/// index, its record in quarantine. Each step may be repeated. Thread-safe.
/// </summary>
public sealed class AssetErasure(AssetStores stores, Ledger ledger, Quarantine quarantine, AssetIndex index, TimeProvider time)
{
    private const int MaxRecordBytes = 4 << 10;
    private const int ParallelDeletes = 8;

    /// <summary>After the object was deleted from its store. The ledger keeps that it was there.</summary>
    public async Task ForgetAsync(AssetSource source, CancellationToken cancellationToken)
    {
        await index.RemoveAsync(source.AssetId, source.VersionId, cancellationToken);
        await DeleteFindingsAsync(stores[source.Store], source.AssetId, cancellationToken);
        await ledger.UpdateAsync(source, (entry, now) => entry.Vanish(now), cancellationToken);
    }

    /// <summary>
    /// On request: the object, everything made of it, and its entry in the ledger. What the store itself keeps, older versions and
    /// deleted objects among it, is not touched.
    /// </summary>
    public async Task<ErasureRecord> EraseAsync(LedgerDocument asset, string by, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[asset.Store];
        AssetSource source = new(asset.Store, asset.Container, asset.Key, "");
        await store.DeleteAsync(stores.PathOf(source), cancellationToken);
        await index.RemoveAsync(asset.Asset, asset.Newest?.Version ?? "", cancellationToken);
        await index.EraseAsync(asset.Asset, cancellationToken);
        await DeleteFindingsAsync(store, asset.Asset, cancellationToken);
        ErasureRecord record = new(asset.Asset, asset.Store, time.GetUtcNow(), by);
        using Stream body = AssetsJson.Write(record).ToStream();
        await store.WriteAsync(AssetLayout.Erasure(asset.Asset), body, WriteCondition.Always, "application/json", cancellationToken);
        await ledger.DeleteAsync(asset.Store, asset.Asset, cancellationToken); // last: until here the request can be repeated
        return record;
    }

    public async Task<ErasureRecord?> FindAsync(string store, string asset, CancellationToken cancellationToken) =>
        await stores[store].ReadAsync(AssetLayout.Erasure(asset), MaxRecordBytes, cancellationToken) is { } content
            ? AssetsJson.Read<ErasureRecord>(content.Data)
            : null;

    private async Task DeleteFindingsAsync(IObjectStore store, string asset, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            store.ListAsync(AssetLayout.Analyses(asset), cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletes, CancellationToken = cancellationToken },
            async (found, token) => await store.DeleteAsync(found.Path, token)
        );
        await quarantine.ClearAsync(store.Name, asset, cancellationToken);
    }
}
