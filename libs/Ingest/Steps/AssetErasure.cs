using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// Takes along what was made of an asset that is gone: the analyses of all its versions with their pictures and vectors, its place in the
/// index where there is one, its record in quarantine. Each step may be repeated. Thread-safe.
/// </summary>
public sealed class AssetErasure(
    AssetStores stores,
    Ledger ledger,
    Quarantine quarantine,
    AnalysisWriter documents,
    ErasureRecords records,
    TimeProvider time,
    IAssetIndex? index = null,
    ErasureElsewhere? elsewhere = null
)
{
    /// <summary>
    /// After the object was deleted from its store; the ledger keeps that it was there, and the answer is what it was last. Null, and
    /// nothing is touched, where nothing is known of it and while there is an object of that name: the news may come late, or twice.
    /// </summary>
    /// <param name="told">What an event says of the deletion; null where none does.</param>
    public async Task<AssetSource?> ForgetAsync(
        string storeName,
        string container,
        string key,
        CancellationToken cancellationToken,
        ToldRemoval? told = null
    )
    {
        AssetSource source = new(storeName, container, key, "");
        IObjectStore media = stores.MediaOf(source);
        string path = stores.PathOf(source);
        if (
            await media.FindAsync(path, cancellationToken) is not null
            || await ledger.ReadAsync(storeName, source.AssetId, cancellationToken) is null
        )
        {
            return null;
        }
        RemovalKind kind = ToldRemoval.KindOf(told, await media.FindRemainsAsync(path, cancellationToken));
        if (await DropAsync(storeName, source.AssetId, cancellationToken, kind, told?.VersionId) is not { } last)
        {
            return null;
        }
        if (await media.FindAsync(path, cancellationToken) is not null)
        {
            // Uploaded anew meanwhile: what was found in it since may have gone along, so the reconcile begins with it again.
            await ledger.VanishAsync(storeName, source.AssetId, cancellationToken);
        }
        return last;
    }

    /// <summary>The same whether the object is there or not, for one that is looked at no more. Null where it is not known.</summary>
    /// <param name="kind">How the object was deleted; null where it was not.</param>
    public async Task<AssetSource?> DropAsync(
        string store,
        string asset,
        CancellationToken cancellationToken,
        RemovalKind? kind = null,
        string? versionId = null
    )
    {
        // First, so that an analysis under way is told when it settles, and deletes what it wrote after this.
        if (await ledger.VanishAsync(store, asset, cancellationToken, kind, versionId) is not { Newest: { } last } document)
        {
            return null;
        }
        await RemoveFromIndexAsync(asset, last.Version, cancellationToken);
        await DeleteFindingsAsync(store, asset, cancellationToken);
        return document.SourceOf(last);
    }

    /// <summary>
    /// On request: the object, everything made of it, and its entry in the ledger. What the store itself keeps, older versions and
    /// deleted objects among it, is not touched.
    /// </summary>
    public async Task<ErasureRecord> EraseAsync(LedgerDocument asset, string by, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[asset.Store];
        AssetSource source = new(asset.Store, asset.Container, asset.Key, "");
        await stores.MediaOf(source).DeleteAsync(stores.PathOf(source), cancellationToken);
        // As above: what settles from here on takes its own findings along.
        await ledger.VanishAsync(asset.Store, asset.Asset, cancellationToken);
        await RemoveFromIndexAsync(asset.Asset, asset.Newest?.Version ?? "", cancellationToken);
        if (index is not null)
        {
            await index.EraseAsync(asset.Asset, cancellationToken);
        }
        await DeleteFindingsAsync(asset.Store, asset.Asset, cancellationToken);
        ErasureRecord record = new(asset.Asset, asset.Store, time.GetUtcNow(), by);
        await records.KeepAsync(record, cancellationToken);
        if (elsewhere is not null)
        {
            record = await elsewhere(record, cancellationToken);
            await records.KeepAsync(record, cancellationToken);
        }
        await store.DeleteAsync(AssetLayout.LedgerSnapshot, cancellationToken); // the next reconcile makes it anew
        await ledger.DeleteAsync(asset.Store, asset.Asset, cancellationToken); // last: until here the request can be repeated
        return record;
    }

    /// <summary>
    /// Erases once more what came back with a store that was restored, and what an erasure that was broken off left: a ledger knows it from
    /// before its erasure.
    /// </summary>
    /// <param name="isKnown">Whether the ledger seems to have an asset.</param>
    /// <returns>How many they were.</returns>
    public async Task<int> RepeatAsync(string store, Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        int repeated = 0;
        foreach (string asset in (await records.ListAsync(store, cancellationToken)).Where(isKnown))
        {
            if (
                await records.FindAsync(store, asset, cancellationToken) is { } record
                && await ledger.ReadAsync(store, asset, cancellationToken) is { } document
                && document.Newest?.Registered < record.At
            )
            {
                await EraseAsync(document, record.By, cancellationToken);
                repeated++;
            }
        }
        return repeated;
    }

    private Task RemoveFromIndexAsync(string asset, string version, CancellationToken cancellationToken) =>
        index is null ? Task.CompletedTask : index.RemoveAsync(asset, version, cancellationToken);

    private async Task DeleteFindingsAsync(string store, string asset, CancellationToken cancellationToken)
    {
        await documents.DeleteAsync(store, asset, AssetLayout.Analyses(asset), cancellationToken);
        await quarantine.ClearAsync(store, asset, cancellationToken);
    }
}
