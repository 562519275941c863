using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Orchestrations.Operations.Retention;

/// <param name="Steps">Those that are left, the present one first.</param>
/// <param name="Removed">By the parts of the run before this one.</param>
public sealed record RetentionInput(IReadOnlyList<RetentionStep> Steps, int Removed = 0);

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">The kind that it is at, or "completed".</param>
public sealed record RetentionStatus(string Stage, int Removed);

/// <param name="IsMore">Whether there may be more to remove.</param>
/// <param name="After">Where to go on; null for the beginning.</param>
public sealed record RemovedSome(int Removed, bool IsMore, string? After = null);

/// <summary>Removes what is as old as it may become, a little at a time with pauses between, so that it slows nothing else.</summary>
[StartedBy("the settings Retention:*", MayRestart = true)]
public static class ApplyRetention
{
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int CallsOfRun = 100; // its history then begins anew

    [Function(nameof(ApplyRetention))]
    public static async Task<RetentionStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetentionInput input)
    {
        LinkedList<RetentionStep> steps = new(input.Steps);
        int removed = input.Removed;
        for (int call = 0; call < CallsOfRun && steps.First is { Value: var step } first; call++)
        {
            context.SetCustomStatus(new RetentionStatus(step.Kind.ToString(), removed));
            RemovedSome some = await context.CallActivityAsync<RemovedSome>(nameof(RemoveOld), step, StepRetries.TenMinutes);
            removed += some.Removed;
            if (some.IsMore)
            {
                first.Value = step with { After = some.After };
                await context.CreateTimer(Pause, CancellationToken.None);
            }
            else
            {
                steps.RemoveFirst();
            }
        }
        if (steps.Count > 0)
        {
            context.ContinueAsNew(new RetentionInput([.. steps], removed));
        }
        RetentionStatus status = new(steps.First?.Value.Kind.ToString() ?? "completed", removed);
        context.SetCustomStatus(status);
        return status;
    }
}
