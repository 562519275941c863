using Serverless.Storage;

namespace Serverless.Assets.Ledgers;

/// <summary>
/// What became of every asset version, kept in the store that holds the asset. Changes are compare-and-swap: of two writers at
/// once both take effect, one after the other. Thread-safe.
/// </summary>
public sealed class Ledger(AssetStores stores, TimeProvider time)
{
    /// <summary>An entry is about 400 bytes, so that a full document of remembered versions stays far below this.</summary>
    internal const int MaxDocumentBytes = 256 << 10;

    private const int MaxConflicts = 20;

    public async Task<LedgerDocument?> ReadAsync(string store, string asset, CancellationToken cancellationToken) =>
        await stores[store].ReadAsync(AssetLayout.Ledger(asset), MaxDocumentBytes, cancellationToken) is { } content
            ? AssetsJson.Read<LedgerDocument>(content.Data)
            : null;

    /// <summary>Applies a pure change to the entry of this version, which is made when there is none; says what stands then.</summary>
    public async Task<LedgerEntry> UpdateAsync(
        AssetSource source, Func<LedgerEntry, DateTimeOffset, LedgerEntry> change, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[source.Store];
        string path = AssetLayout.Ledger(source.AssetId);
        for (int conflicts = 0; ; conflicts++)
        {
            ObjectContent? content = await store.ReadAsync(path, MaxDocumentBytes, cancellationToken);
            LedgerDocument document = content is null ? LedgerDocument.New(source) : AssetsJson.Read<LedgerDocument>(content.Data);
            DateTimeOffset now = time.GetUtcNow();
            LedgerEntry? known = document.Find(source.VersionId);
            LedgerEntry entry = change(known ?? LedgerEntry.New(source, now), now);
            if (entry == known) return entry;

            WriteCondition condition = content is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(content.Object.Version);
            try
            {
                using Stream body = AssetsJson.Write(document.With(entry)).ToStream();
                await store.WriteAsync(path, body, condition, "application/json", cancellationToken);
                return entry;
            }
            catch (ObjectConflictException) when (conflicts < MaxConflicts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5 * conflicts), time, cancellationToken);
            }
        }
    }
}
