using Serverless.Ingest.Metrics;
using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>
/// What became of every asset version, kept in the store that holds the asset. Changes are compare-and-swap: of two writers at
/// once both take effect, one after the other. Thread-safe.
/// </summary>
public sealed class Ledger(AssetStores stores, TimeProvider time, IngestMeter? meter = null)
{
    /// <summary>An entry is about 400 bytes, so that a full document of remembered versions stays far below this.</summary>
    internal const int MaxDocumentBytes = 256 << 10;

    /// <summary>Of documents under way here, some 700 bytes each.</summary>
    private const int RememberedBytes = 4 << 20;

    private readonly RecentWrites<Stored<LedgerDocument>> _written = new(RememberedBytes, stored => stored.Object.Length);

    public async Task<LedgerDocument?> ReadAsync(string store, string asset, CancellationToken cancellationToken) =>
        (await DocumentOf(store, asset).ReadAsync(cancellationToken))?.Value;

    /// <summary>The same for who can do with what this process wrote last, while an analysis is under way here.</summary>
    internal async Task<LedgerDocument?> ReadRecentAsync(string store, string asset, CancellationToken cancellationToken) =>
        _written.Peek(KeyOf(store, asset))?.Value ?? await ReadAsync(store, asset, cancellationToken);

    /// <summary>
    /// Applies a pure change to the entry of this version, which is made when there is none; says what stands then. Begins with what this
    /// process wrote last or was told: where that no longer stands the swap fails, and the document is read after all.
    /// </summary>
    /// <param name="isNew">Nothing is known of the asset, most likely.</param>
    /// <param name="isCurrent">It is what the store has now, also where a later version is known: then it came back.</param>
    public async Task<LedgerEntry> UpdateAsync(
        AssetSource source,
        Func<LedgerEntry, DateTimeOffset, LedgerEntry> change,
        CancellationToken cancellationToken,
        bool isNew = false,
        bool isCurrent = false
    )
    {
        LedgerEntry? entry = await UpdateAsync(
            source,
            document => Change(document ?? LedgerDocument.New(source), source, change, isCurrent),
            isNew,
            cancellationToken
        );
        return entry!;
    }

    /// <summary>The same for an entry that should be there: null, and nothing is written, where there is none.</summary>
    public Task<LedgerEntry?> UpdateKnownAsync(
        AssetSource source,
        Func<LedgerEntry, DateTimeOffset, LedgerEntry> change,
        CancellationToken cancellationToken
    ) =>
        UpdateAsync(
            source,
            document => document?.Find(source.VersionId) is null ? document : Change(document, source, change),
            isNew: false,
            cancellationToken
        );

    /// <summary>
    /// The object is gone, and all its versions with it. Null, and nothing is written, where nothing is known of the asset.
    /// </summary>
    /// <param name="kind">How it was deleted; null where that is not to be noted.</param>
    /// <param name="versionId">The store's own, of what was removed.</param>
    public async Task<LedgerDocument?> VanishAsync(
        string store,
        string asset,
        CancellationToken cancellationToken,
        RemovalKind? kind = null,
        string? versionId = null
    )
    {
        _written.Take(KeyOf(store, asset));
        DateTimeOffset now = time.GetUtcNow();
        RemovalNote? note = kind is { } told ? new RemovalNote(now, told, versionId) : null;
        return (await DocumentOf(store, asset).UpdateAsync(document => document?.Vanish(now, note), cancellationToken))?.Value;
    }

    /// <summary>Notes in an asset's history what was removed of it, or that it is back; nothing where nothing is known of it.</summary>
    public async Task NoteAsync(string store, string asset, RemovalKind kind, string? versionId, CancellationToken cancellationToken)
    {
        _written.Take(KeyOf(store, asset));
        RemovalNote note = new(time.GetUtcNow(), kind, versionId);
        await DocumentOf(store, asset).UpdateAsync(document => document?.With(note), cancellationToken);
    }

    /// <summary>Forgets an asset altogether.</summary>
    public async Task DeleteAsync(string store, string asset, CancellationToken cancellationToken)
    {
        _written.Take(KeyOf(store, asset));
        await stores[store].DeleteAsync(AssetLayout.Ledger(asset), cancellationToken);
    }

    private async Task<LedgerEntry?> UpdateAsync(
        AssetSource source,
        Func<LedgerDocument?, LedgerDocument?> change,
        bool isNew,
        CancellationToken cancellationToken
    )
    {
        string key = KeyOf(source.Store, source.AssetId);
        Stored<LedgerDocument>? last = _written.Take(key);
        LedgerEntry? before = null;
        Stored<LedgerDocument>? stands = await DocumentOf(source.Store, source.AssetId)
            .UpdateAsync(Change, cancellationToken, last is not null || isNew ? new(last) : null);
        LedgerEntry? entry = stands?.Value.Find(source.VersionId);
        if (entry is not null)
        {
            meter?.Changed(source.Store, before, entry);
        }
        if (entry?.State == AssetState.Processing)
        {
            _written.Put(key, stands!);
        }
        return entry;

        // Asked anew after each lost race: what the last answer was made of is what stood before.
        LedgerDocument? Change(LedgerDocument? document)
        {
            before = document?.Find(source.VersionId);
            return change(document);
        }
    }

    private LedgerDocument Change(
        LedgerDocument document,
        AssetSource source,
        Func<LedgerEntry, DateTimeOffset, LedgerEntry> change,
        bool isCurrent = false
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        LedgerEntry? known = document.Find(source.VersionId);
        LedgerEntry before = known ?? LedgerEntry.New(source, now);
        LedgerEntry entry = change(isCurrent && known is not null && known != document.Newest ? known.Return(now) : before, now);
        return entry == known ? document : document.With(entry);
    }

    private static string KeyOf(string store, string asset) => $"{store}:{asset}";

    private StoredDocument<LedgerDocument> DocumentOf(string store, string asset) =>
        new(stores[store], AssetLayout.Ledger(asset), MaxDocumentBytes, time);
}
