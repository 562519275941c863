using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <summary>The keyframes of a version of an uploaded film, as its analysis kept them. Thread-safe.</summary>
public sealed class UploadedKeyframes(AssetStores stores, Ledger ledger, AnalysisWriter analyses)
{
    public const string Gone = "keyframes that are gone, or of a film that was analysed otherwise since";

    /// <summary>Captures and analyses tell moments in milliseconds.</summary>
    private const double HalfMillisecond = 0.0005;

    /// <param name="moment">Of the keyframe, in seconds.</param>
    /// <returns>One of the two: the bytes, or why there are none.</returns>
    public async Task<(ReadOnlyMemory<byte>? Bytes, string Reason)> ReadAsync(
        string asset,
        string version,
        double moment,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        foreach (IObjectStore store in AssetSource.IsAssetId(asset) ? stores.All : [])
        {
            LedgerDocument? known = await ledger.ReadAsync(store.Name, asset, cancellationToken);
            if (known?.Find(version) is not { State: AssetState.Processed } entry)
            {
                continue;
            }
            return await FindAsync(known.SourceOf(entry), moment, cancellationToken) is { } keyframe
                ? await ReadAsync(store, keyframe.Image.Path, maxBytes, cancellationToken)
                : (null, Gone);
        }
        return (null, Gone);
    }

    /// <summary>What the analysis says of its size is not relied on: the store tells how large it is.</summary>
    private static async Task<(ReadOnlyMemory<byte>?, string)> ReadAsync(
        IObjectStore store,
        string path,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await store.ReadAsync(path, maxBytes, cancellationToken) is { } read ? (read.Data.ToMemory(), "") : (null, Gone);
        }
        catch (ObjectTooLargeException)
        {
            return (null, UploadedPictures.TooLarge);
        }
        catch (ObjectArchivedException)
        {
            return (null, Gone);
        }
    }

    /// <summary>None in a document that cannot be read.</summary>
    private async Task<KeyframeFinding?> FindAsync(AssetSource source, double moment, CancellationToken cancellationToken)
    {
        try
        {
            AnalysisDocument? document = await analyses.ReadDocumentAsync(source, cancellationToken);
            return document?.Video?.Shots.Select(shot => shot.Keyframe).FirstOrDefault(one => IsAt(one, moment));
        }
        catch (Exception e) when (ListedDocuments.IsUnreadable(e))
        {
            return null;
        }
    }

    private static bool IsAt(KeyframeFinding keyframe, double moment) => Math.Abs(keyframe.TimeSeconds - moment) < HalfMillisecond;
}
