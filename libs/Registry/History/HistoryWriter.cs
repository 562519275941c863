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

    private static readonly DocumentFormat<string> Line = new(StoredJson.ContentType, BinaryData.FromString, data => data.ToString());

    public async Task<HistoryHead?> FindHeadAsync(string environment, string name, CancellationToken cancellationToken) =>
        HeadOf(await AliasOf(environment, name).ReadAsync(cancellationToken));

    /// <summary>Records what <paramref name="decide"/> says to the record that is there; it is asked again after each lost race.</summary>
    /// <exception cref="RegistryException">Others changed the alias each time.</exception>
    public async Task<HistoryHead> AppendAsync(
        string environment,
        string name,
        Func<HistoryHead?, HistoryDraft> decide,
        CancellationToken cancellationToken
    )
    {
        HistoryFile file = FileOf(environment, name);
        try
        {
            Stored<string>? written = await AliasOf(environment, name)
                .UpdateAsync(
                    async (stored, token) =>
                    {
                        HistoryHead? head = HeadOf(stored);
                        HistoryRecord? last = head?.Load(environment, name);
                        HistoryRecord next = HistoryChain.Next(last, environment, name, decide(head), time.GetUtcNow());
                        if (last is not null)
                        {
                            await file.AppendAsync(last, token);
                        }
                        return next.Line();
                    },
                    cancellationToken
                );
            HistoryHead now = HeadOf(written)!;
            await file.AppendAsync(now.Load(environment, name), cancellationToken);
            return now;
        }
        catch (DocumentContendedException e)
        {
            throw new RegistryException(
                RegistryFault.Conflict,
                $"The alias of {name} in {environment} was changed by others {e.Tries} times while it was to be changed; try again."
            );
        }
    }

    public HistoryFile FileOf(string environment, string name) => new(store, environment, name, time);

    /// <summary>Every record names the hash of the one before, so that no two writes of an alias are equal.</summary>
    private StoredDocument<string> AliasOf(string environment, string name) =>
        new(store, RegistryLayout.Alias(environment, name), MaxHeadBytes, time, Line) { WritesAreUnique = true };

    private static HistoryHead? HeadOf(Stored<string>? stored) => stored is null ? null : new(stored.Value, stored.Tag);
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
