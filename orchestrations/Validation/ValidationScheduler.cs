using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Validation;

/// <summary>Starts validations and names them.</summary>
public static class ValidationScheduler
{
    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>The id of the run; the same key starts one run however often it comes.</summary>
    public static async Task<string> StartAsync(
        this DurableTaskClient client,
        ValidateModelInput input,
        string key,
        CancellationToken cancellationToken
    )
    {
        string id = $"validate-{input.Model}-{input.Version}-{input.Environment}-{key}";
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ValidateModel),
                input,
                new StartOrchestrationOptions(id).WithDedupeStatuses(Known),
                cancellationToken
            );
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It was started before.
        }
        return id;
    }
}
