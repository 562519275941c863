using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Ingest;

namespace Serverless.Orchestrations.Ingest;

/// <summary>Starts runs. Whoever asks for a run that was started before, ended or not, starts nothing.</summary>
public static class IngestScheduler
{
    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>False when the run exists already.</summary>
    public static async Task<bool> StartAsync(
        this DurableTaskClient client,
        AssetSource source,
        int run,
        CancellationToken cancellationToken
    )
    {
        string instance = source.InstanceId(run);
        if (await client.GetInstanceAsync(instance, cancellationToken) is not null)
        {
            return false;
        }
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(IngestAsset),
                new IngestInput(source, run),
                new StartOrchestrationOptions(instance).WithDedupeStatuses(Known),
                cancellationToken
            );
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another event of the same upload was faster by a moment.
            return false;
        }
    }
}
