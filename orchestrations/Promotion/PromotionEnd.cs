using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

/// <summary>What a promotion shows of itself, and how it ended, be it that somebody ended its run before it came to a verdict.</summary>
public static class PromotionEnd
{
    public static PromotionStatus? StatusOf(OrchestrationMetadata run) =>
        string.IsNullOrEmpty(run.SerializedCustomStatus) ? null : run.ReadCustomStatusAs<PromotionStatus>();

    /// <summary>Null while it is at work.</summary>
    public static PromotionResult? Of(OrchestrationMetadata run)
    {
        PromotionStatus? status = StatusOf(run);
        if (status?.Verdict is { } verdict)
        {
            return new PromotionResult(verdict, status.Reason, status.Findings);
        }
        return run.IsCompleted
            ? new PromotionResult(Come(status), run.FailureDetails?.ErrorMessage ?? $"The run was {run.RuntimeStatus}.", [])
            : null;
    }

    /// <summary>The verdict by how far it had come.</summary>
    private static string Come(PromotionStatus? status)
    {
        IReadOnlyList<StepStatus> steps = status?.Steps ?? [];
        return steps.Any(step => step is { Name: StepNames.Alias, State: StepState.Passed }) ? PromotionVerdicts.Promoted
            : steps.Any(step => step.Started is not null && StepNames.IsCanary(step.Name)) ? PromotionVerdicts.RolledBack
            : PromotionVerdicts.Rejected;
    }
}
