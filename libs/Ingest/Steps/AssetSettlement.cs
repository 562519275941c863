using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The last step of every asset version: writes what it came to into the ledger, and into the quarantine when it failed. Idempotent;
/// thread-safe.
/// </summary>
public sealed class AssetSettlement(Ledger ledger, Quarantine quarantine)
{
    /// <param name="attempts">How many were made at this version, over all runs.</param>
    public async Task<AssetState> SettleAsync(
        AssetSource source,
        AnalysisOutcome outcome,
        int attempts,
        CancellationToken cancellationToken
    )
    {
        LedgerEntry entry = await ledger.UpdateAsync(source, (known, now) => Apply(known, outcome, attempts, now), cancellationToken);
        if (entry.State == AssetState.Quarantined)
        {
            await quarantine.PutAsync(RecordOf(source, entry), cancellationToken);
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

    private static LedgerEntry Apply(LedgerEntry known, AnalysisOutcome outcome, int attempts, DateTimeOffset now) =>
        outcome.Status switch
        {
            AnalysisStatus.Analysed => known.Complete(attempts, now),
            AnalysisStatus.Refused => known.Quarantine(outcome.Failure!, attempts, now),
            AnalysisStatus.Superseded => known.Supersede(now),
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
