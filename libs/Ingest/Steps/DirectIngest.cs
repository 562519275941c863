using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <param name="State">Of the version; Processing when a worker has it now.</param>
/// <param name="Spent">By models, where it was analysed just now.</param>
public sealed record IngestedAsset(AssetState State, AnalysisSpending? Spent = null);

/// <summary>
/// The steps of a run without an orchestration, for a function that is called again when it fails: admitted, analysed or handed on as a
/// job, settled, announced. Each step is idempotent, and so is the whole. Thread-safe.
/// </summary>
public sealed class DirectIngest(
    AssetAdmission admission,
    AttemptedAnalysis analysis,
    AssetSettlement settlement,
    AssetErasure erasure,
    ResultAnnouncer announcer,
    IWorkQueue jobs,
    AssetStores stores,
    Ledger ledger,
    TimeProvider time
)
{
    private const int FirstRun = 1;

    /// <param name="attempt">Which delivery of the event it is.</param>
    /// <exception cref="InvalidOperationException">A model that it needs serves nowhere yet, or it is to be analysed alone; the event is to
    /// be delivered again.</exception>
    public Task<IngestedAsset> IngestAsync(AssetSource source, int attempt, CancellationToken cancellationToken) =>
        IngestAsync(source, FirstRun, attempt, cancellationToken);

    /// <summary>After an archived object was restored, for a while or for good: what was given up for that is tried anew.</summary>
    public async Task<IngestedAsset> IngestRestoredAsync(AssetSource source, int attempt, CancellationToken cancellationToken)
    {
        LedgerEntry? entry = (await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken))?.Find(source.VersionId);
        int run = entry is { Failure.Kind: FailureKind.Archived } ? entry.Run + 1 : Math.Max(FirstRun, entry?.Run ?? 0);
        return await IngestAsync(source, run, attempt, cancellationToken);
    }

    private async Task<IngestedAsset> IngestAsync(AssetSource source, int run, int attempt, CancellationToken cancellationToken)
    {
        Admission admitted = await admission.AdmitAsync(source, run, cancellationToken);
        switch (admitted.Verdict)
        {
            case AdmissionVerdict.Settled:
                // The last delivery may have ended between ledger and announcement.
                AssetState settled = await settlement.StateOfAsync(source, cancellationToken);
                return new(await AnnounceAsync(source, settled, cancellationToken));
            case AdmissionVerdict.Superseded:
                return new(AssetState.Superseded);
            case AdmissionVerdict.Gone:
                return new(AssetState.Gone);
            case AdmissionVerdict.Refused:
                AnalysisOutcome refused = new(AnalysisStatus.Refused, admitted.Failure);
                return new(await SettleAsync(source, refused, admitted.Attempts, cancellationToken));
        }
        AnalysisRequest request = admitted.Request! with { Attempt = attempt };
        AnalysisOutcome outcome =
            admitted.Verdict == AdmissionVerdict.AsJob
                ? new AnalysisOutcome(AnalysisStatus.TooLong)
                : await analysis.AnalyseAsync(request, cancellationToken);
        return outcome.Status switch
        {
            AnalysisStatus.TooLong => new(await HandOnAsync(request, cancellationToken)),
            AnalysisStatus.Waiting => throw new InvalidOperationException(outcome.Failure!.Message),
            _ => new(await SettleAsync(source, outcome, attempt, cancellationToken), outcome.Spent),
        };
    }

    /// <summary>
    /// After an object, a version of it or its delete marker was removed. False where there is nothing to forget, or an object of that
    /// name: it may be back, and is ingested then.
    /// </summary>
    /// <param name="told">What the event says of the removal.</param>
    public async Task<bool> ForgetAsync(
        string store,
        string container,
        string key,
        CancellationToken cancellationToken,
        ToldRemoval? told = null
    )
    {
        if (await erasure.ForgetAsync(store, container, key, cancellationToken, told) is { } last)
        {
            await AnnounceAsync(last, AssetState.Gone, cancellationToken);
            return true;
        }
        AssetSource asset = new(store, container, key, "");
        IObjectStore media = stores.MediaOf(asset);
        if (
            await ledger.ReadAsync(store, asset.AssetId, cancellationToken) is { Newest.State: var state }
            && await media.FindAsync(stores.PathOf(asset), cancellationToken) is { } there
        )
        {
            if (state == AssetState.Gone)
            {
                await ledger.NoteAsync(store, asset.AssetId, RemovalKind.Returned, told?.VersionId, cancellationToken);
                await IngestAsync(AssetStores.SourceOf(media, there), attempt: 1, cancellationToken);
            }
            else if (told is { IsMarker: false, VersionId: { } version })
            {
                await ledger.NoteAsync(store, asset.AssetId, RemovalKind.OldVersion, version, cancellationToken);
            }
        }
        return false;
    }

    /// <summary>The worker that takes the job settles and announces it, since no run waits.</summary>
    private async Task<AssetState> HandOnAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        GpuJobMessage job = new(request.Source.InstanceId(request.Run), request, InstanceId: null, time.GetUtcNow());
        await jobs.SendAsync(job.JobId, AssetsJson.Write(job), cancellationToken);
        return AssetState.Processing;
    }

    private async Task<AssetState> SettleAsync(
        AssetSource source,
        AnalysisOutcome outcome,
        int attempts,
        CancellationToken cancellationToken
    ) => await AnnounceAsync(source, await settlement.SettleAsync(source, outcome, attempts, cancellationToken), cancellationToken);

    private async Task<AssetState> AnnounceAsync(AssetSource source, AssetState state, CancellationToken cancellationToken)
    {
        await announcer.AnnounceAsync(new AssetSettled(source, state), cancellationToken);
        return state;
    }
}
