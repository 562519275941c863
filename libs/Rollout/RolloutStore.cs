using System.Text.Json;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Rollout;

/// <summary>The rollout records in the object store. Every change is a compare-and-swap of the whole record. Thread-safe.</summary>
public sealed class RolloutStore(IObjectStore store, TimeProvider time)
{
    /// <summary>Ten arms of long names stay far below this.</summary>
    internal const int MaxRecordBytes = 64 << 10;

    private readonly ChangeMark _mark = new(store);

    /// <summary>Null when nothing was ever rolled out.</summary>
    /// <exception cref="RolloutRecordException">What is stored is no valid record.</exception>
    public async Task<RolloutRecord?> FindAsync(string environment, string model, CancellationToken cancellationToken) =>
        (await ReadAsync(environment, model, cancellationToken))?.Value;

    /// <summary>All of them but those that are no valid records.</summary>
    public async Task<IReadOnlyList<RolloutRecord>> ListAsync(CancellationToken cancellationToken)
    {
        Listed<RolloutRecord> all = await ListedDocuments.ReadAsync(
            store.ListAsync(RolloutLayout.Prefix, cancellationToken),
            FindAsync,
            int.MaxValue,
            cancellationToken
        );
        return all.Items;
    }

    /// <summary>
    /// Replaces the record by what <paramref name="change"/>, a pure function, makes of it, and numbers the revision. Returning the same
    /// object, or null, changes nothing. Of two writers at once both take effect, one after the other.
    /// </summary>
    /// <exception cref="RolloutRecordException">The new record is not valid.</exception>
    public async Task<RolloutRecord?> UpdateAsync(
        string environment,
        string model,
        Func<RolloutRecord?, RolloutRecord?> change,
        CancellationToken cancellationToken
    )
    {
        StoredDocument<RolloutRecord> document = DocumentOf(environment, model);
        bool wanted = false; // by any try: the answer to one that took effect may have been lost
        Stored<RolloutRecord>? stands = await document.UpdateAsync(
            before =>
            {
                RolloutRecord? next = Next(before, change(before));
                wanted |= !ReferenceEquals(next, before);
                return next;
            },
            cancellationToken
        );
        if (wanted)
        {
            await _mark.SetAsync(environment, $"rollout of {model}: {stands!.Tag}");
        }
        return stands?.Value;
    }

    /// <summary>The store's version of the record, without reading it; null when there is none.</summary>
    internal async Task<string?> FindVersionAsync(string environment, string model, CancellationToken cancellationToken) =>
        (await store.FindAsync(RolloutLayout.Rollout(environment, model), cancellationToken))?.Version;

    /// <summary>Another one after each change of a record or an alias of the environment.</summary>
    internal Task<string> FindMarkAsync(string environment, CancellationToken cancellationToken) =>
        _mark.FindVersionAsync(environment, cancellationToken);

    internal Task<Stored<RolloutRecord>?> ReadAsync(string environment, string model, CancellationToken cancellationToken) =>
        DocumentOf(environment, model).ReadAsync(cancellationToken);

    private async Task<RolloutRecord?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return path[RolloutLayout.Prefix.Length..].Split('/') is [var environment, var file]
                ? await FindAsync(environment, Path.GetFileNameWithoutExtension(file), cancellationToken)
                : null;
        }
        catch (RolloutRecordException)
        {
            return null;
        }
    }

    private StoredDocument<RolloutRecord> DocumentOf(string environment, string model)
    {
        string path = RolloutLayout.Rollout(environment, model);
        return new(
            store,
            path,
            MaxRecordBytes,
            time,
            DocumentFormat<RolloutRecord>.Json with
            {
                Read = data => Parse(data, path, environment, model),
            }
        );
    }

    private RolloutRecord? Next(RolloutRecord? before, RolloutRecord? wanted)
    {
        if (wanted is null || ReferenceEquals(wanted, before))
        {
            return before;
        }
        RolloutRecord next = wanted with { Revision = (before?.Revision ?? 0) + 1, Changed = time.GetUtcNow() };
        Check(next);
        return next;
    }

    private static RolloutRecord Parse(BinaryData data, string path, string environment, string model)
    {
        try
        {
            RolloutRecord record = StoredJson.Read<RolloutRecord>(data);
            Check(record);
            return record.Environment == environment && record.Model == model
                ? record
                : throw new RolloutRecordException($"{path} is the record of '{record.Model}' in '{record.Environment}'.");
        }
        catch (JsonException e)
        {
            throw new RolloutRecordException($"{path} is no rollout record: {e.Message}");
        }
    }

    private static void Check(RolloutRecord record)
    {
        if (record.Validate().ToList() is { Count: > 0 } problems)
        {
            throw new RolloutRecordException(
                $"The rollout record of '{record.Model}' in '{record.Environment}' is wrong. {string.Join(' ', problems)}"
            );
        }
    }
}

/// <summary>A rollout record that must not take effect; the message says why.</summary>
public sealed class RolloutRecordException(string message) : Exception(message);
