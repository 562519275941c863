using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The last step of every asset version: writes what it came to into the ledger, and into the quarantine when it failed. What was found in
/// an object that was deleted meanwhile is deleted too, and where there is an index, what was found in what it replaced is found no more.
/// Idempotent; thread-safe.
/// </summary>
public sealed class AssetSettlement(
    AssetStores stores,
    Ledger ledger,
    Quarantine quarantine,
    AnalysisWriter documents,
    IAssetIndex? index = null
)
{
    /// <param name="attempts">How many were made at this version, over all runs.</param>
    public async Task<AssetState> SettleAsync(
        AssetSource source,
        AnalysisOutcome outcome,
        int attempts,
        CancellationToken cancellationToken
    )
    {
        if (
            await EnterAsync(source, (known, now) => Apply(known, outcome, attempts, now), cancellationToken)
            is not { State: not AssetState.Gone } entry
        )
        {
            string findings = AssetLayout.Findings(source.AssetId, source.VersionId);
            await documents.DeleteAsync(source.Store, source.AssetId, findings, cancellationToken);
            return AssetState.Gone;
        }
        if (entry.State == AssetState.Quarantined)
        {
            await quarantine.PutAsync(RecordOf(source, entry), cancellationToken);
            if (index is not null)
            {
                await index.WithdrawAsync(await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken), cancellationToken);
            }
            if (await IsGoneAsync(source, cancellationToken))
            {
                // Deleted in between: whoever did so may have looked for a record before there was one.
                await quarantine.ClearAsync(source.Store, source.AssetId, cancellationToken);
                return AssetState.Gone;
            }
        }
        // Only a redriven version can have left a record behind.
        else if (entry.Run > 1)
        {
            await quarantine.ClearAsync(source.Store, source.AssetId, cancellationToken);
        }
        return entry.State;
    }

    /// <summary>What stands in the ledger.</summary>
    public async Task<AssetState> StateOfAsync(AssetSource source, CancellationToken cancellationToken) =>
        (await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken))?.Find(source.VersionId)?.State
        ?? throw new InvalidOperationException($"The ledger lost version {source.VersionId} of asset {source.AssetId}: report this.");

    /// <summary>
    /// An entry that is missing was lost by its store, or erased together with the object: then it stays away, and the answer is null.
    /// </summary>
    private async Task<LedgerEntry?> EnterAsync(
        AssetSource source,
        Func<LedgerEntry, DateTimeOffset, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        if (await ledger.UpdateKnownAsync(source, change, cancellationToken) is { } known)
        {
            return known;
        }
        StoredObject? stored = await stores.MediaOf(source).FindAsync(stores.PathOf(source), cancellationToken);
        return stored is null ? null : await ledger.UpdateAsync(source, change, cancellationToken);
    }

    private async Task<bool> IsGoneAsync(AssetSource source, CancellationToken cancellationToken) =>
        (await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken))?.Find(source.VersionId)
            is null
                or { State: AssetState.Gone };

    private static LedgerEntry Apply(LedgerEntry known, AnalysisOutcome outcome, int attempts, DateTimeOffset now) =>
        outcome.Status switch
        {
            AnalysisStatus.Analysed => known.Complete(attempts, now, outcome.Spent),
            AnalysisStatus.Refused => known.Quarantine(outcome.Failure!, attempts, now),
            AnalysisStatus.Superseded => known.Supersede(now),
            AnalysisStatus.Gone when known.State == AssetState.Superseded => known,
            AnalysisStatus.Gone => known.Vanish(now),
            AnalysisStatus.Settled => known,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Status, "A version is settled only by a result."),
        };

    private static QuarantineRecord RecordOf(AssetSource source, LedgerEntry entry) =>
        new(
            source.AssetId,
            entry.Version,
            source,
            entry.Failure!,
            entry.Run,
            entry.Attempts,
            entry.Changed,
            entry.Kind,
            entry.MediaType,
            entry.Length
        );
}
