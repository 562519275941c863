using Microsoft.Azure.Functions.Worker;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Steps;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// Analyses a short text or an image where it runs, having counted that it begins. Its key is the source: the document is written once,
/// whoever is first.
/// </summary>
public sealed class AnalyseAsset(AttemptedAnalysis analysis)
{
    [Function(nameof(AnalyseAsset))]
    public Task<AnalysisOutcome> RunAsync([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken) =>
        analysis.AnalyseAsync(request, cancellationToken);
}
