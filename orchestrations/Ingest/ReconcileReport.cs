namespace Serverless.Orchestrations.Ingest;

/// <summary>What was done about one asset.</summary>
internal enum Mended
{
    Nothing,
    Started,
    Indexed,
    Answered,
    Gone,
    TooYoung,
    Failed,
}

/// <summary>What one reconcile of one store found and did.</summary>
/// <param name="Answered">Runs that waited for a worker's answer which was lost.</param>
/// <param name="TooYoung">Left to their events for now.</param>
/// <param name="Erased">Assets that were erased before and had come back, as with a store that was restored.</param>
/// <param name="Lost">
/// Where it was asked from a time on: keys of uploads that runs since then knew, and of which the store has neither object nor ledger, as
/// after a store that was restored from a backup. At most <see cref="MaxLost"/>.
/// </param>
public sealed record ReconcileReport(
    string Store,
    long Listed = 0,
    long Started = 0,
    long Indexed = 0,
    long Answered = 0,
    long Gone = 0,
    long TooYoung = 0,
    long Failed = 0,
    long Erased = 0,
    IReadOnlyList<string>? Lost = null
)
{
    /// <summary>How many lost uploads a report names at most.</summary>
    public const int MaxLost = 1_000;

    internal static ReconcileReport Of(string store, long listed, long erased, IEnumerable<Mended> done)
    {
        ILookup<Mended, Mended> byKind = done.ToLookup(one => one);
        long Count(Mended kind) => byKind[kind].Count();
        return new ReconcileReport(
            store,
            listed,
            Count(Mended.Started),
            Count(Mended.Indexed),
            Count(Mended.Answered),
            Count(Mended.Gone),
            Count(Mended.TooYoung),
            Count(Mended.Failed),
            erased
        );
    }
}
