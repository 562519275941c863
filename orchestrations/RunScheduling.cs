using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations;

/// <summary>The one way to start a run: whoever asks for one that was started before, ended or not, starts nothing.</summary>
internal static class RunScheduling
{
    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>False where a run of this id was started before.</summary>
    public static async Task<bool> ScheduleOnceAsync(
        this DurableTaskClient client,
        string orchestrator,
        object input,
        string id,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator,
                input,
                new StartOrchestrationOptions(id) { Tags = StartTags.Current }.WithDedupeStatuses(Known),
                cancellationToken
            );
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }
}
