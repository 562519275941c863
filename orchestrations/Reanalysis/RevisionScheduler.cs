using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Ingest.Reanalysis;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>Starts revisions of single assets.</summary>
public static class RevisionScheduler
{
    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>Each target of an asset version is revised once, however often it is asked for.</summary>
    public static async Task ReviseAsync(
        this DurableTaskClient client,
        IEnumerable<RevisionInput> inputs,
        CancellationToken cancellationToken
    )
    {
        foreach (RevisionInput input in inputs)
        {
            try
            {
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(ReviseAsset),
                    input,
                    new StartOrchestrationOptions($"{input.Source.InstanceId()}-{input.Target}").WithDedupeStatuses(Known),
                    cancellationToken
                );
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // Another file of the same film was settled at the same time.
            }
        }
    }
}
