using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Storage;

namespace Serverless.Orchestrations.Operations;

/// <summary>What operators do to a job that a run waits for. Thread-safe.</summary>
public sealed class GpuJobs([FromKeyedServices(AssetLayout.GpuJobsQueue)] AzureWorkQueue queue, TimeProvider time)
{
    /// <summary>The stage that a run shows while it waits for a worker.</summary>
    public const string WaitingStage = "waitingForWorker";

    /// <summary>Sends it again; a worker that meets it twice answers from what is written.</summary>
    /// <exception cref="RunActException">The run waits for no job.</exception>
    public async Task RequeueAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        GpuJobMessage job = await LoadAsync(client, run, cancellationToken);
        await queue.SendAsync(job.JobId, AssetsJson.Write(job), cancellationToken);
    }

    /// <summary>Answers in the worker's place. One that has it in hand ends it, and nobody takes its answer.</summary>
    /// <exception cref="RunActException">The run waits for no job.</exception>
    public async Task CancelAsync(DurableTaskClient client, string run, string why, CancellationToken cancellationToken)
    {
        GpuJobMessage job = await LoadAsync(client, run, cancellationToken);
        Failure failure = new(FailureKind.Cancelled, $"Cancelled by {why}", Retryable: false);
        GpuCompletionMessage answer = new(run, job.JobId, failure);
        await client.RaiseEventAsync(run, GpuCompletionMessage.EventName, answer, cancellationToken);
    }

    private async Task<GpuJobMessage> LoadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        OrchestrationMetadata run = await client.LoadRunAsync(id, cancellationToken);
        IReadOnlyList<HistoryEvent> history = run.IsCompleted ? [] : [.. await client.GetOrchestrationHistoryAsync(id, cancellationToken)];
        return RunStanding.Of(history, KnownOrchestrator.Find(run.Name), time.GetUtcNow()).Job
            ?? throw new RunActException(
                RunActFault.Conflict,
                $"Run '{id}' is {run.RuntimeStatus.ToString().ToLowerInvariant()} and waits for no job."
            );
    }
}
