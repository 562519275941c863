using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>
/// What became of every asset version, kept in the store that holds the asset. Changes are compare-and-swap: of two writers at
/// once both take effect, one after the other. Thread-safe.
/// </summary>
public sealed class Ledger(AssetStores stores, TimeProvider time)
{
    /// <summary>An entry is about 400 bytes, so that a full document of remembered versions stays far below this.</summary>
    internal const int MaxDocumentBytes = 256 << 10;

    private const int MaxConflicts = 20;

    /// <summary>Of documents under way here, some 700 bytes each.</summary>
    private const int RememberedBytes = 4 << 20;

    private readonly RecentWrites<ObjectContent> _written = new(RememberedBytes, content => content.Object.Length);

    public async Task<LedgerDocument?> ReadAsync(string store, string asset, CancellationToken cancellationToken) =>
        await stores[store].ReadAsync(AssetLayout.Ledger(asset), MaxDocumentBytes, cancellationToken) is { } content
            ? AssetsJson.Read<LedgerDocument>(content.Data)
            : null;

    /// <summary>
    /// Applies a pure change to the entry of this version, which is made when there is none; says what stands then. Begins with what this
    /// process wrote last or was told: where that no longer stands the swap fails, and the document is read after all.
    /// </summary>
    /// <param name="isNew">Nothing is known of the asset, most likely.</param>
    public async Task<LedgerEntry> UpdateAsync(
        AssetSource source, Func<LedgerEntry, DateTimeOffset, LedgerEntry> change, CancellationToken cancellationToken, bool isNew = false)
    {
        IObjectStore store = stores[source.Store];
        string path = AssetLayout.Ledger(source.AssetId);
        string key = $"{source.Store}:{path}";
        ObjectContent? content = _written.Take(key);
        bool isGuess = content is not null || isNew;
        for (int conflicts = 0; ; isGuess = false)
        {
            if (!isGuess) content = await store.ReadAsync(path, MaxDocumentBytes, cancellationToken);
            LedgerDocument document = content is null ? LedgerDocument.New(source) : AssetsJson.Read<LedgerDocument>(content.Data);
            DateTimeOffset now = time.GetUtcNow();
            LedgerEntry? known = document.Find(source.VersionId);
            LedgerEntry entry = change(known ?? LedgerEntry.New(source, now), now);
            if (entry == known && isGuess) continue;
            if (entry == known) return entry;

            WriteCondition condition = content is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(content.Object.Version);
            try
            {
                BinaryData body = AssetsJson.Write(document.With(entry));
                StoredObject written = await store.WriteAsync(path, body.ToStream(), condition, "application/json", cancellationToken);
                if (entry.State == AssetState.Processing) _written.Put(key, new ObjectContent(written, body));
                return entry;
            }
            catch (ObjectConflictException) when (isGuess || conflicts < MaxConflicts)
            {
                if (!isGuess) await Task.Delay(TimeSpan.FromMilliseconds(5 * conflicts++), time, cancellationToken);
            }
        }
    }
}
