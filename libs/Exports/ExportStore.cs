using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Storage;

namespace Serverless.Exports;

/// <summary>Exports in the object store. One is never changed. Thread-safe.</summary>
public sealed class ExportStore(IObjectStore store)
{
    public const string DataType = "application/vnd.apache.parquet";

    private const int MaxCardBytes = 4 << 20;

    /// <summary>Null where there is no such export.</summary>
    public async Task<ExportCard?> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        ExportCheck.IsName(name) && PlanDigest.IsVersion(version)
            ? await ReadAsync(ExportsLayout.CardOf(name, version), cancellationToken)
            : null;

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
    internal async Task<ExportCard> AddAsync(ExportCard card, Stream data, CancellationToken cancellationToken)
    {
        if (await FindAsync(card.Name, card.Version, cancellationToken) is { } known)
        {
            return known;
        }
        await WriteAsync(ExportsLayout.DataOf(card.Name, card.Version), data, DataType, cancellationToken);
        using Stream written = StoredJson.Write(card).ToStream();
        await WriteAsync(ExportsLayout.CardOf(card.Name, card.Version), written, StoredJson.ContentType, cancellationToken);
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
