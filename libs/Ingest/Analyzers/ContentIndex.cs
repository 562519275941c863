using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Ingest.Analyzers;

/// <summary>The object <c>contents/{shard}/{sha256}.json</c>: asset versions that have these bytes.</summary>
public sealed record ContentDocument(IReadOnlyList<AssetSource> Sources);

/// <summary>
/// Which assets have the same bytes, kept in the store that holds them: so an analysis is found that was made at another path. A hint and
/// no more: whoever follows it reads the analysis, and what is missing here is analysed once more. Thread-safe.
/// </summary>
public sealed class ContentIndex(AssetStores stores, TimeProvider time)
{
    /// <summary>Of the same bytes in one store; as many as are worth a try.</summary>
    public const int RememberedSources = 8;

    private const int MaxDocumentBytes = 64 << 10;

    /// <summary>In one store.</summary>
    public async Task<IReadOnlyList<AssetSource>> FindAsync(string store, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return (await DocumentOf(store, sha256).ReadAsync(cancellationToken))?.Value.Sources ?? [];
        }
        catch (JsonException)
        {
            return []; // damaged: removed with the next asset that goes
        }
    }

    /// <summary>To be called before the analysis is there, so that whoever deletes the one finds the other.</summary>
    public async Task AddAsync(AssetSource source, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            await DocumentOf(source.Store, sha256)
                .UpdateAsync(document => Add(document, source), cancellationToken, new DocumentGuess<ContentDocument>(null));
        }
        catch (Exception e) when (e is DocumentContendedException or JsonException)
        {
            // Either so many uploads of the same bytes at once that others are remembered, or a damaged hint: no upload fails for it.
        }
    }

    /// <summary>The asset is gone. One that is added at this very moment may be forgotten too.</summary>
    public async Task RemoveAsync(string store, string asset, string sha256, CancellationToken cancellationToken)
    {
        bool isEmpty;
        try
        {
            Stored<ContentDocument>? left = await DocumentOf(store, sha256)
                .UpdateAsync(document => document is null ? null : Remove(document, asset), cancellationToken);
            isEmpty = left is { Value.Sources.Count: 0 };
        }
        catch (JsonException)
        {
            isEmpty = true;
        }
        if (isEmpty)
        {
            await stores[store].DeleteAsync(AssetLayout.Content(sha256), cancellationToken);
        }
    }

    /// <summary>Of one asset the newest version.</summary>
    private static ContentDocument Add(ContentDocument? document, AssetSource source)
    {
        if (document is null)
        {
            return new ContentDocument([source]);
        }
        AssetSource[] others = [.. document.Sources.Where(known => known.AssetId != source.AssetId)];
        return others.Length >= RememberedSources || document.Sources.Contains(source)
            ? document
            : new ContentDocument([.. others, source]);
    }

    private static ContentDocument Remove(ContentDocument document, string asset)
    {
        AssetSource[] others = [.. document.Sources.Where(known => known.AssetId != asset)];
        return others.Length == document.Sources.Count ? document : new ContentDocument(others);
    }

    private StoredDocument<ContentDocument> DocumentOf(string store, string sha256) =>
        new(stores[store], AssetLayout.Content(sha256), MaxDocumentBytes, time);
}
