using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <summary>The bytes of a version of an uploaded picture, while the store has it. Thread-safe.</summary>
public sealed class UploadedPictures(AssetStores stores, Ledger ledger)
{
    public const string Gone = "pictures that are gone from their store, or were overwritten";
    public const string TooLarge = "pictures that are too large for a golden set";

    /// <returns>One of the two: the bytes, or why there are none.</returns>
    public async Task<(ReadOnlyMemory<byte>? Bytes, string Reason)> ReadAsync(
        string asset,
        string version,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        foreach (IObjectStore store in AssetSource.IsAssetId(asset) ? stores.All : [])
        {
            LedgerDocument? known = await ledger.ReadAsync(store.Name, asset, cancellationToken);
            if (known?.Find(version) is not { State: not AssetState.Gone } entry)
            {
                continue;
            }
            int mostBytes = (int)Math.Min(entry.Length ?? maxBytes, maxBytes);
            return entry.Length > maxBytes ? (null, TooLarge) : await ReadAsync(known.SourceOf(entry), mostBytes, cancellationToken);
        }
        return (null, Gone);
    }

    /// <summary>An archived picture is none that can be had: to bring it back takes hours.</summary>
    private async Task<(ReadOnlyMemory<byte>?, string)> ReadAsync(AssetSource source, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await stores.MediaOf(source).OpenAsync(stores.PathOf(source), source.Version, 0, cancellationToken);
            byte[] bytes = new byte[maxBytes + 1];
            int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length > maxBytes ? (null, TooLarge) : (bytes.AsMemory(0, length), "");
        }
        catch (Exception e) when (e is ObjectMissingException or ObjectChangedException or ObjectArchivedException)
        {
            return (null, Gone);
        }
    }
}
