using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Orchestrations.Reanalysis;

namespace Serverless.Orchestrations.Ingest;

/// <param name="Attempts">How many were made at this version, over all runs.</param>
/// <param name="Kind">Null where it is not known.</param>
public sealed record SettleInput(AssetSource Source, AnalysisOutcome Outcome, int Attempts, MediaKind? Kind = null);

/// <summary>
/// Makes a result known: searchable first, then in the ledger, then to whoever listens. Its key is the source; each part of it changes
/// nothing the second time. A film whose subtitles came after it is then analysed anew. Answers with the name of the state that stands.
/// </summary>
public sealed class SettleAsset(IAssetIndex index, AssetSettlement settlement, ResultAnnouncer announcer, SidecarRevision sidecars)
{
    [Function(nameof(SettleAsset))]
    public async Task<string> RunAsync(
        [ActivityTrigger] SettleInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (input.Outcome.Status == AnalysisStatus.Analysed)
        {
            await index.AddAsync(input.Source, cancellationToken);
        }
        AssetState state = await settlement.SettleAsync(input.Source, input.Outcome, input.Attempts, cancellationToken);
        if (state == AssetState.Gone && input.Outcome.Status == AnalysisStatus.Analysed)
        {
            await index.EraseAsync(input.Source.AssetId, cancellationToken); // deleted meanwhile; rare, since it reads the whole index
        }
        await announcer.AnnounceAsync(new AssetSettled(input.Source, state), cancellationToken);
        if (state == AssetState.Processed)
        {
            await client.ReviseAsync(await sidecars.FindStaleAsync(input.Source, input.Kind, cancellationToken), cancellationToken);
        }
        return state.ToString();
    }
}
