using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Rollout;

/// <summary>The rollout records in the object store. Every change is a compare-and-swap of the whole record. Thread-safe.</summary>
public sealed class RolloutStore(IObjectStore store, TimeProvider time)
{
    /// <summary>Ten arms of long names stay far below this.</summary>
    internal const int MaxRecordBytes = 64 << 10;

    private const int MaxConflicts = 20;

    /// <summary>Null when nothing was ever rolled out.</summary>
    /// <exception cref="RolloutRecordException">What is stored is no valid record.</exception>
    public async Task<RolloutRecord?> FindAsync(string environment, string model, CancellationToken cancellationToken) =>
        (await ReadAsync(environment, model, cancellationToken)).Record;

    /// <summary>
    /// Replaces the record by what <paramref name="change"/>, a pure function, makes of it, and numbers the revision. Returning the same
    /// object, or null, changes nothing. Of two writers at once both take effect, one after the other.
    /// </summary>
    /// <exception cref="RolloutRecordException">The new record is not valid.</exception>
    public async Task<RolloutRecord?> UpdateAsync(
        string environment, string model, Func<RolloutRecord?, RolloutRecord?> change, CancellationToken cancellationToken)
    {
        for (int conflicts = 0; ; conflicts++)
        {
            (RolloutRecord? current, string? version) = await ReadAsync(environment, model, cancellationToken);
            RolloutRecord? wanted = change(current);
            if (wanted is null || ReferenceEquals(wanted, current)) return current;

            RolloutRecord next = wanted with { Revision = (current?.Revision ?? 0) + 1, Changed = time.GetUtcNow() };
            Check(next);
            WriteCondition condition = version is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(version);
            try
            {
                using Stream body = StoredJson.Write(next).ToStream();
                await store.WriteAsync(RolloutLayout.Rollout(environment, model), body, condition, "application/json", cancellationToken);
                return next;
            }
            catch (ObjectConflictException) when (conflicts < MaxConflicts)
            {
                // Another writer was faster, or this very write took effect and its answer was lost: the change sees what stands now.
                await Task.Delay(TimeSpan.FromMilliseconds(5 * conflicts), time, cancellationToken);
            }
        }
    }

    /// <summary>The store's version of the record, without reading it; null when there is none.</summary>
    internal async Task<string?> FindVersionAsync(string environment, string model, CancellationToken cancellationToken) =>
        (await store.FindAsync(RolloutLayout.Rollout(environment, model), cancellationToken))?.Version;

    internal async Task<(RolloutRecord? Record, string? Version)> ReadAsync(string environment, string model, CancellationToken cancellationToken)
    {
        ObjectContent? content = await store.ReadAsync(RolloutLayout.Rollout(environment, model), MaxRecordBytes, cancellationToken);
        if (content is null) return (null, null);
        try
        {
            RolloutRecord record = StoredJson.Read<RolloutRecord>(content.Data);
            Check(record);
            return record.Environment == environment && record.Model == model
                ? (record, content.Object.Version)
                : throw new RolloutRecordException($"{content.Object.Path} is the record of '{record.Model}' in '{record.Environment}'.");
        }
        catch (JsonException e)
        {
            throw new RolloutRecordException($"{content.Object.Path} is no rollout record: {e.Message}");
        }
    }

    private static void Check(RolloutRecord record)
    {
        if (record.Validate().ToList() is { Count: > 0 } problems)
            throw new RolloutRecordException($"The rollout record of '{record.Model}' in '{record.Environment}' is wrong. {string.Join(' ', problems)}");
    }
}

/// <summary>A rollout record that must not take effect; the message says why.</summary>
public sealed class RolloutRecordException(string message) : Exception(message);
