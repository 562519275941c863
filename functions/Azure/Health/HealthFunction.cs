using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;

namespace Serverless.Functions.Azure.Health;

/// <summary>
/// What is true of the whole as far as this app sees it: run store, object stores, backlogs, workers, models. Answers within a second, also
/// while all of them are away. Whatever is found, the status is 200: a probe that ended this process for a backlog would mend nothing.
/// 503 only once it stops.
/// </summary>
public sealed class HealthFunction(
    AssetStores stores,
    IAssetIndex index,
    InferenceRuntime runtime,
    AnalysisModels models,
    HealthFindings health,
    IHostApplicationLifetime lifetime
)
{
    [Function("Health")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        (PipelineReport report, IReadOnlyList<HealthFinding> findings) = await health.TakeAsync(client, cancellationToken);
        bool stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        return Answers.Json(
            new HealthAnswer(
                stopping ? HealthStatus.Stopping
                    : findings.Count == 0 ? HealthStatus.Healthy
                    : HealthStatus.Degraded,
                report.AsOf,
                findings,
                report.Backlogs,
                report.Members.Count(member => member.Jobs is not null),
                report.Members,
                runtime.Provider,
                [.. stores.All.Select(store => store.Name)],
                models.Last,
                index.Counts,
                new ProcessorUse(Environment.CpuUsage.TotalTime.TotalSeconds, InferenceRuntime.ProcessorTime.TotalSeconds)
            ),
            stopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK
        );
    }
}
