using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// The alias of a model in an environment is the last record of its history, as an object of its own: the head of
/// <see cref="ChainedLines"/>.
/// </summary>
internal sealed class HistoryWriter(IObjectStore store, TimeProvider time)
{
    private readonly ChangeMark _mark = new(store);

    public async Task<HistoryHead?> FindHeadAsync(string environment, string name, CancellationToken cancellationToken) =>
        HeadOf(await LinesOf(environment, name).FindHeadAsync(cancellationToken));

    /// <summary>The alias and its history as they are, for a change that is to be made soon.</summary>
    public Task<ChainStart> LookAsync(string environment, string name, CancellationToken cancellationToken) =>
        LinesOf(environment, name).LookAsync(cancellationToken);

    /// <summary>Records what <paramref name="decide"/> says to the record that is there; it is asked again after each lost race.</summary>
    /// <exception cref="RegistryException">Others changed the alias each time.</exception>
    public async Task<HistoryHead> AppendAsync(
        string environment,
        string name,
        Func<HistoryHead?, HistoryDraft> decide,
        CancellationToken cancellationToken
    )
    {
        ChainStart start = await LookAsync(environment, name, cancellationToken);
        HistoryChange change = await ChangeAsync(environment, name, decide, start, cancellationToken);
        await change.Known;
        return change.Head;
    }

    /// <summary>The same on top of what was seen; returns when the record is true, which is before all can see it.</summary>
    public async Task<HistoryChange> ChangeAsync(
        string environment,
        string name,
        Func<HistoryHead?, HistoryDraft> decide,
        ChainStart start,
        CancellationToken cancellationToken
    )
    {
        string NextLine(ChainHead? stored)
        {
            HistoryHead? head = HeadOf(stored);
            return HistoryChain.Next(head?.Load(environment, name), environment, name, decide(head), time.GetUtcNow()).Line();
        }
        try
        {
            ChainChange written = await LinesOf(environment, name).ChangeAsync(NextLine, start, cancellationToken);
            return new(
                HeadOf(written.Head)!,
                Task.WhenAll(written.InFile, _mark.SetAsync(environment, $"alias of {name}: {written.Head.Tag}"))
            );
        }
        catch (DocumentContendedException e)
        {
            throw new RegistryException(
                RegistryFault.Conflict,
                $"The alias of {name} in {environment} was changed by others {e.Tries} times while it was to be changed; try again."
            );
        }
    }

    /// <summary>All records' lines, the oldest first, and that of the alias of the same moment.</summary>
    public Task<(List<string> Lines, string? Head)> ReadAsync(string environment, string name, CancellationToken cancellationToken) =>
        LinesOf(environment, name).ReadAsync(cancellationToken);

    private ChainedLines LinesOf(string environment, string name) =>
        new(
            store,
            RegistryLayout.Alias(environment, name),
            new LineFile(store, RegistryLayout.History(environment, name), RegistryLayout.HistoryParts(environment, name), time),
            time
        );

    internal static HistoryHead? HeadOf(ChainHead? stored) => stored is null ? null : new(stored.Line, stored.Tag);
}

/// <summary>The alias as it is stored: the line of its record, and the ETag by which it is swapped.</summary>
internal sealed record HistoryHead(string Line, string Tag)
{
    /// <exception cref="RegistryException">It was changed by other means than ours.</exception>
    public HistoryRecord Load(string environment, string name) =>
        HistoryRecord.Parse(Line) is { } record
        && record.Environment == environment
        && record.Name == name
        && record.ComputeHash() == record.Hash
            ? record
            : throw new RegistryException(
                RegistryFault.Corrupt,
                $"The alias of {name} in {environment} is not as it was written; compare it with the history."
            );
}

/// <summary>A record that is true.</summary>
/// <param name="Known">Ends when it is in the history, and marked for those who follow.</param>
internal sealed record HistoryChange(HistoryHead Head, Task Known);
