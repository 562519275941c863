using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Media;

namespace Serverless.Functions.Azure.Health;

/// <summary>
/// What is true of the whole as far as this app sees it: run store, object stores, backlogs, workers, models. Answers within a second, also
/// while all of them are away. Whatever is found, the status is 200: a probe that ended this process for a backlog would mend nothing.
/// 503 only once it stops.
/// </summary>
public sealed class HealthFunction(
    AssetStores stores,
    AssetIndex index,
    InferenceRuntime runtime,
    AnalysisModels models,
    ModelServer server,
    PipelineHealth pipeline,
    RunStoreHealth runs,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(0.5);

    [Function("Health")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        Task<HealthFinding?> runStore = runs.FaultAsync(client, cancellationToken);
        PipelineReport report = await pipeline.TakeAsync(cancellationToken);
        HealthFinding[] findings =
        [
            .. Some(await runStore),
            .. report.Findings,
            .. server.Residents.SelectMany(Faults),
            .. Some(await FindUnservedAsync(cancellationToken)),
        ];
        bool stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        return Answers.Json(
            new HealthAnswer(
                stopping ? HealthStatus.Stopping
                    : findings.Length == 0 ? HealthStatus.Healthy
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

    /// <summary>A model that a role of uploads names and nothing serves: uploads wait for it. Null too while the store is away.</summary>
    private async Task<HealthFinding?> FindUnservedAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A film may need every role.
            AnalysisOutcome? waiting = await models
                .FindUnservedAsync(MediaKind.Video, cancellationToken)
                .WaitAsync(LookLimit, time, cancellationToken);
            return waiting is null ? null : new HealthFinding("models of uploads", waiting.Failure!.Message, "a version that serves");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null; // the store's own finding says it
        }
    }

    private static IEnumerable<HealthFinding> Faults(ResidentModel model) =>
        model.State == ResidentState.Failed
            ? [new HealthFinding($"model {model.Version}", model.Fault ?? "it could not be loaded", "a model that can be loaded")]
            : [];

    private static IEnumerable<HealthFinding> Some(HealthFinding? finding) => finding is null ? [] : [finding];
}
