using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Exports.Rows;
using Serverless.Storage;

namespace Serverless.Exports;

/// <summary>Exports in the object store. One is never changed; it may be removed, which leaves its card. Thread-safe.</summary>
public sealed class ExportStore(IObjectStore store)
{
    public const string DataType = "application/vnd.apache.parquet";

    private const int MaxCardBytes = 4 << 20;
    private const int MaxRemovalBytes = 64 << 10;

    /// <summary>Null where there is no such export, or its rows were removed.</summary>
    public async Task<ExportCard?> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        await FindCardAsync(name, version, cancellationToken) is { } card
        && await FindRemovalAsync(card.Name, card.Version, cancellationToken) is null
            ? card
            : null;

    /// <summary>Also of one whose rows were removed.</summary>
    public async Task<ExportCard?> FindCardAsync(string name, string version, CancellationToken cancellationToken) =>
        ExportCheck.IsName(name) && PlanDigest.IsVersion(version)
            ? await ReadAsync(ExportsLayout.CardOf(name, version), cancellationToken)
            : null;

    /// <summary>Null of an export that has its rows.</summary>
    public async Task<ExportRemoval?> FindRemovalAsync(string name, string version, CancellationToken cancellationToken) =>
        await store.ReadAsync(ExportsLayout.RemovalOf(name, version), MaxRemovalBytes, cancellationToken) is { } found
            ? StoredJson.Read<ExportRemoval>(found.Data)
            : null;

    /// <summary>The rows are gone for good; what was removed first stands. May be repeated.</summary>
    public async Task<ExportRemoval> RemoveAsync(ExportRemoval removal, CancellationToken cancellationToken)
    {
        using Stream written = StoredJson.Write(removal).ToStream();
        await WriteAsync(ExportsLayout.RemovalOf(removal.Name, removal.Version), written, StoredJson.ContentType, cancellationToken);
        await store.DeleteAsync(ExportsLayout.DataOf(removal.Name, removal.Version), cancellationToken);
        return await FindRemovalAsync(removal.Name, removal.Version, cancellationToken) ?? removal;
    }

    /// <summary>Whether it has, or had, rows of an asset.</summary>
    public async Task<bool> HasAssetAsync(ExportCard card, string asset, CancellationToken cancellationToken)
    {
        string path = ExportsLayout.AssetsOf(card.Name, card.Version);
        if (card.Assets == 0 || await store.FindAsync(path, cancellationToken) is null)
        {
            return false;
        }
        await using Stream lines = await store.OpenAsync(path, version: null, 0, cancellationToken);
        return await ExportAssets.ContainsAsync(lines, asset, cancellationToken);
    }

    /// <summary>At most so many, by name.</summary>
    /// <param name="name">All exports where it is null.</param>
    public Task<Listed<ExportCard>> ListAsync(string? name, int limit, CancellationToken cancellationToken) =>
        ListedDocuments.ReadAsync(
            CardsAsync(name is null ? ExportsLayout.Prefix : $"{ExportsLayout.Prefix}{name}/", cancellationToken),
            ReadAsync,
            limit,
            cancellationToken
        );

    /// <summary>The data from the first byte to the last.</summary>
    public Task<Stream> OpenAsync(ExportCard card, CancellationToken cancellationToken) =>
        store.OpenAsync(ExportsLayout.DataOf(card.Name, card.Version), version: null, 0, cancellationToken);

    /// <summary>What stands then: the card of whoever wrote the same first.</summary>
    internal async Task<ExportCard> AddAsync(ExportCard card, Stream data, ExportAssets assets, CancellationToken cancellationToken)
    {
        if (await FindAsync(card.Name, card.Version, cancellationToken) is { } known)
        {
            return known;
        }
        using MemoryStream lines = new();
        await assets.WriteAsync(lines, cancellationToken);
        lines.Position = 0;
        await WriteAsync(ExportsLayout.AssetsOf(card.Name, card.Version), lines, "text/plain", cancellationToken);
        await WriteAsync(ExportsLayout.DataOf(card.Name, card.Version), data, DataType, cancellationToken);
        using Stream written = StoredJson.Write(card).ToStream();
        await WriteAsync(ExportsLayout.CardOf(card.Name, card.Version), written, StoredJson.ContentType, cancellationToken);
        await store.DeleteAsync(ExportsLayout.RemovalOf(card.Name, card.Version), cancellationToken); // of one that is asked for again
        return await FindAsync(card.Name, card.Version, cancellationToken) ?? card;
    }

    /// <summary>What is there already has the same digest in its name, and so is the same.</summary>
    private async Task WriteAsync(string path, Stream content, string type, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(path, content, WriteCondition.IfAbsent, type, cancellationToken);
        }
        catch (ObjectConflictException)
        {
            // Somebody wrote it at the same time, or an earlier try of ours did.
        }
    }

    private async Task<ExportCard?> ReadAsync(string path, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, MaxCardBytes, cancellationToken) is { } found ? StoredJson.Read<ExportCard>(found.Data) : null;

    private IAsyncEnumerable<StoredObject> CardsAsync(string prefix, CancellationToken cancellationToken) =>
        store.ListAsync(prefix, cancellationToken).Where(found => found.Path.EndsWith(ExportsLayout.CardFile, StringComparison.Ordinal));
}
