using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// The alias of a model in an environment is the last record of its history, as an object of its own. A change is one
/// compare-and-swap of that object, and is true from then on; the line in the history follows. Whoever changes the alias next
/// first writes the line of the record that is there, so that a crash between the two loses none, and at most the last line is
/// ever missing, which readers take from the alias.
/// </summary>
internal sealed class HistoryWriter(IObjectStore store, TimeProvider time)
{
    private const int MaxHeadBytes = 64 << 10;
    private const int MaxConflicts = 50;

    public async Task<HistoryHead?> FindHeadAsync(string environment, string name, CancellationToken cancellationToken) =>
        await store.ReadAsync(RegistryLayout.Alias(environment, name), MaxHeadBytes, cancellationToken) is { } content
            ? new(content.Data.ToString(), content.Object.Version)
            : null;

    /// <summary>Records what <paramref name="decide"/> says to the record that is there; it is asked again after each lost race.</summary>
    public async Task<HistoryHead> AppendAsync(string environment, string name, Func<HistoryHead?, HistoryDraft> decide, CancellationToken cancellationToken)
    {
        HistoryFile file = new(store, environment, name);
        for (int conflicts = 0; ; conflicts++)
        {
            HistoryHead? head = await FindHeadAsync(environment, name, cancellationToken);
            HistoryRecord? last = head?.Load(environment, name);
            HistoryRecord next = HistoryChain.Next(last, environment, name, decide(head), time.GetUtcNow());
            if (last is not null)
                await file.AppendAsync(last, cancellationToken);
            if (await SwapAsync(head, next, cancellationToken) is { } written)
            {
                await file.AppendAsync(next, cancellationToken);
                return written;
            }
            if (conflicts == MaxConflicts)
                throw new RegistryException(RegistryFault.Conflict, $"The alias of {name} in {environment} was changed by others {MaxConflicts} times while it was to be changed; try again.");
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5 * conflicts, 100)), time, cancellationToken);
        }
    }

    /// <summary>Null where somebody else was first.</summary>
    private async Task<HistoryHead?> SwapAsync(HistoryHead? head, HistoryRecord next, CancellationToken cancellationToken)
    {
        string line = next.Line();
        try
        {
            using Stream body = BinaryData.FromString(line).ToStream();
            StoredObject stored = await store.WriteAsync(
                RegistryLayout.Alias(next.Environment, next.Name), body, head is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(head.Tag), StoredJson.ContentType, cancellationToken);
            return new(line, stored.Version);
        }
        catch (ObjectConflictException)
        {
            // It may be this very write that stands in the way, its answer lost.
            return await FindHeadAsync(next.Environment, next.Name, cancellationToken) is { } found && found.Line == line ? found : null;
        }
    }
}

/// <summary>The alias as it is stored: the line of its record, and the ETag by which it is swapped.</summary>
internal sealed record HistoryHead(string Line, string Tag)
{
    /// <exception cref="RegistryException">It was changed by other means than ours.</exception>
    public HistoryRecord Load(string environment, string name) =>
        HistoryRecord.Parse(Line) is { } record && record.Environment == environment && record.Name == name && record.ComputeHash() == record.Hash
            ? record
            : throw new RegistryException(RegistryFault.Corrupt, $"The alias of {name} in {environment} is not as it was written; compare it with the history.");
}
