using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>gpu-batch answered a job → the event that its run waits for.</summary>
public sealed class GpuCompletionFunction(ILogger<GpuCompletionFunction> log)
{
    [Function("GpuCompletion")]
    public async Task RunAsync(
        [QueueTrigger(AssetLayout.GpuCompletionsQueue)] BinaryData message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (QueueMessage.Read(message, AssetLayout.GpuCompletionsQueue, Read, log) is not { } completion)
        {
            return;
        }
        log.JobAnswered(completion.JobId, completion.Failure?.Kind ?? "none");
        await client.RaiseEventAsync(completion.InstanceId, GpuCompletionMessage.EventName, completion, cancellationToken);
    }

    private static GpuCompletionMessage Read(BinaryData message) =>
        AssetsJson.Read<GpuCompletionMessage>(message) is { InstanceId.Length: > 0, JobId: not null } completion
            ? completion
            : throw new InvalidDataException("It names no job, or no run that waits for it.");
}
