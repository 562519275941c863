using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The object <c>erasures/{asset}.json</c>: that an asset was erased. Holds neither its name nor anything of its content.
/// </summary>
/// <param name="Exports">Exports of training data whose rows were removed along, as name/version.</param>
/// <param name="GoldenSets">Golden sets that had items of it, as scope/digest; what was left of each is stored as another.</param>
/// <param name="CapturesSearched">
/// When all captured predictions had been searched for it, and those of it removed; null while that is to come.
/// </param>
public sealed record ErasureRecord(
    string Asset,
    string Store,
    DateTimeOffset At,
    string By,
    IReadOnlyList<string>? Exports = null,
    IReadOnlyList<string>? GoldenSets = null,
    DateTimeOffset? CapturesSearched = null
);

/// <summary>Takes along what others hold of an asset whose erasure is on record; adds to it what that was. May be repeated.</summary>
public delegate Task<ErasureRecord> ErasureElsewhere(ErasureRecord record, CancellationToken cancellationToken);

/// <summary>An asset of which there may still be captured predictions.</summary>
/// <param name="At">When it was erased.</param>
public sealed record PendingErasure(string Store, string Asset, DateTimeOffset At);

/// <summary>A record in the list of those of all stores.</summary>
public sealed record ErasurePlace(string Store, string Asset);

/// <param name="Next">The last of these; null where there are no more.</param>
public sealed record ErasurePage(IReadOnlyList<ErasureRecord> Records, ErasurePlace? Next);

/// <summary>
/// Which assets were erased, each in its own store; beside them, under <c>erasures/pending/</c>, those whose captured predictions are still
/// to be searched for. Thread-safe.
/// </summary>
public sealed class ErasureRecords(AssetStores stores)
{
    private const int MaxBytes = 1 << 20; // thousands of exports

    /// <summary>Written again it replaces what was there, and captures are searched once more.</summary>
    public async Task KeepAsync(ErasureRecord record, CancellationToken cancellationToken)
    {
        await WriteAsync(AssetLayout.PendingErasure(record.Asset), record, cancellationToken);
        await WriteAsync(AssetLayout.Erasure(record.Asset), record, cancellationToken);
    }

    /// <summary>
    /// Keeps one that was read out of a store before it was set back, so that what it names is erased once more when the ledger shows it
    /// (<see cref="AssetErasure.RepeatAsync"/>).
    /// </summary>
    /// <returns>False where the store has one that is as new.</returns>
    public async Task<bool> BringBackAsync(ErasureRecord record, CancellationToken cancellationToken)
    {
        if ((await FindAsync(record.Store, record.Asset, cancellationToken))?.At >= record.At)
        {
            return false;
        }
        await KeepAsync(record with { CapturesSearched = null }, cancellationToken);
        return true;
    }

    public Task<ErasureRecord?> FindAsync(string store, string asset, CancellationToken cancellationToken) =>
        ReadAsync(store, AssetLayout.Erasure(asset), cancellationToken);

    /// <summary>Ids of all assets that were erased, of all stores.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        HashSet<string> erased = [];
        foreach (IObjectStore store in stores.All)
        {
            erased.UnionWith(await ListAsync(store.Name, cancellationToken));
        }
        return erased;
    }

    public async Task<IReadOnlySet<string>> ListAsync(string store, CancellationToken cancellationToken) =>
        await stores[store]
            .ListAsync(AssetLayout.Erasures, cancellationToken)
            .Select(record => Path.GetFileNameWithoutExtension(record.Path))
            .ToHashSetAsync(cancellationToken: cancellationToken);

    /// <summary>Some records of all stores, by store and asset.</summary>
    /// <param name="since">Without those of before; null for all.</param>
    /// <param name="after">The last of the page before; null at the beginning.</param>
    public async Task<ErasurePage> ListPageAsync(DateTimeOffset? since, ErasurePlace? after, int limit, CancellationToken cancellationToken)
    {
        List<ErasureRecord> records = [];
        foreach (IObjectStore store in stores.All.OrderBy(store => store.Name, StringComparer.Ordinal))
        {
            int position = string.CompareOrdinal(store.Name, after?.Store);
            if (position < 0)
            {
                continue;
            }
            await foreach (StoredObject found in store.ListAsync(AssetLayout.Erasures, cancellationToken))
            {
                if (
                    found.Path.StartsWith(AssetLayout.PendingErasures, StringComparison.Ordinal)
                    || found.LastModified < since
                    || (position == 0 && string.CompareOrdinal(found.Path, AssetLayout.Erasure(after!.Asset)) <= 0)
                    || await ReadAsync(store.Name, found.Path, cancellationToken) is not { } record
                    || record.At < since
                )
                {
                    continue;
                }
                if (records.Count == limit)
                {
                    return new ErasurePage(records, new ErasurePlace(records[^1].Store, records[^1].Asset));
                }
                records.Add(record);
            }
        }
        return new ErasurePage(records, Next: null);
    }

    /// <summary>Some of those that were erased until a moment and whose captured predictions are still to be searched for.</summary>
    public async Task<IReadOnlyList<PendingErasure>> ListPendingAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        List<PendingErasure> pending = [];
        foreach (IObjectStore store in stores.All)
        {
            await foreach (StoredObject found in store.ListAsync(AssetLayout.PendingErasures, cancellationToken))
            {
                if (pending.Count == limit)
                {
                    return pending;
                }
                if (await ReadAsync(store.Name, found.Path, cancellationToken) is { } record && record.At <= until)
                {
                    pending.Add(new PendingErasure(store.Name, record.Asset, record.At));
                }
            }
        }
        return pending;
    }

    /// <summary>Captured predictions were searched, beginning at a moment. May be repeated.</summary>
    public async Task CompleteAsync(PendingErasure pending, DateTimeOffset searched, CancellationToken cancellationToken)
    {
        string mark = AssetLayout.PendingErasure(pending.Asset);
        if ((await ReadAsync(pending.Store, mark, cancellationToken))?.At != pending.At)
        {
            return; // erased once more meanwhile: that is searched for in its turn
        }
        // An erasure that was broken off between the two leaves an older record, or none.
        if (await FindAsync(pending.Store, pending.Asset, cancellationToken) is { } record && record.At == pending.At)
        {
            await WriteAsync(AssetLayout.Erasure(record.Asset), record with { CapturesSearched = searched }, cancellationToken);
        }
        await stores[pending.Store].DeleteAsync(mark, cancellationToken);
    }

    private async Task<ErasureRecord?> ReadAsync(string store, string path, CancellationToken cancellationToken) =>
        await stores[store].ReadAsync(path, MaxBytes, cancellationToken) is { } content
            ? AssetsJson.Read<ErasureRecord>(content.Data)
            : null;

    private async Task WriteAsync(string path, ErasureRecord record, CancellationToken cancellationToken)
    {
        using Stream body = AssetsJson.Write(record).ToStream();
        await stores[record.Store].WriteAsync(path, body, WriteCondition.Always, "application/json", cancellationToken);
    }
}
