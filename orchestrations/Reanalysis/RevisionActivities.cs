using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Reanalysis;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>Finds the next part of what is to be analysed anew. Its key is the request and the asset after which to go on.</summary>
public sealed class SelectForReanalysis(RevisionSelection selection)
{
    [Function(nameof(SelectForReanalysis))]
    public Task<ReanalysisPage> RunAsync([ActivityTrigger] ReanalysisInput input, CancellationToken cancellationToken) =>
        selection.SelectAsync(input.Request, input.After, cancellationToken);
}

/// <summary>Looks whether an asset still has to be analysed anew. Its key is the source and the request.</summary>
public sealed class BeginRevision(AssetRevision revision)
{
    [Function(nameof(BeginRevision))]
    public Task<RevisionBegun> RunAsync([ActivityTrigger] RevisionInput input, CancellationToken cancellationToken) =>
        revision.BeginAsync(input, cancellationToken);
}

/// <summary>Analyses a short text or an image where it runs, and counts it as it begins. Its key is the source and the revision.</summary>
public sealed class AnalyseRevision(AssetRevision revision)
{
    [Function(nameof(AnalyseRevision))]
    public Task<AnalysisOutcome> RunAsync([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken) =>
        revision.AnalyseAsync(request, cancellationToken);
}

/// <summary>Makes a new analysis known. Its key is the source and the revision.</summary>
public sealed class SettleRevision(AssetRevision revision, SidecarRevision sidecars)
{
    [Function(nameof(SettleRevision))]
    public async Task RunAsync(
        [ActivityTrigger] AnalysisRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await revision.SettleAsync(request, cancellationToken);
        await client.ReviseAsync(await sidecars.FindStaleAsync(request.Source, request.Kind, cancellationToken), cancellationToken);
    }
}
