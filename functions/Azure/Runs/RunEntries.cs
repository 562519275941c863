using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Protobuf;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Entries of the index, made of what a turn shows and of what the run store tells.</summary>
internal static class RunEntries
{
    /// <summary>Null where the history that the turn was told has no start.</summary>
    public static RunEntry? Of(string name, OrchestrationTurn turn, DateTimeOffset now)
    {
        if (turn is not { Start.ExecutionStarted: { } start, Started: { } created })
        {
            return null;
        }
        bool hasEnded = turn.End is { OrchestrationStatus: not OrchestrationStatus.ContinuedAsNew };
        string? output = hasEnded ? turn.End!.Result : null;
        RunFacts facts = RunFacts.Read(start.Input, output, turn.CustomStatus, hasEnded);
        return new RunEntry
        {
            Id = turn.InstanceId,
            Name = KnownOrchestrator.NameOf(name),
            Status = StatusOf(turn, hasEnded),
            Created = created,
            Updated = now,
            Ended = hasEnded ? now : null,
            Outcome = facts.Outcome,
            Stage = facts.Stage,
            Spent = facts.Spent,
            Parent = start.ParentInstance?.OrchestrationInstance?.InstanceId,
            Tags = facts.TagsWith(start.Tags),
            Input = RunText.Excerpt(start.Input),
            Output = RunText.Excerpt(output),
            CustomStatus = RunText.Excerpt(turn.CustomStatus),
            Failure = RunText.Excerpt(hasEnded ? turn.End!.FailureDetails?.ErrorMessage : null),
            Calls = RunCalls.Write(turn.Calls),
        };
    }

    /// <param name="run">With its inputs and outputs.</param>
    /// <param name="known">What the index has of it, for what the run store does not tell.</param>
    public static RunEntry Of(OrchestrationMetadata run, RunEntry? known, DateTimeOffset now)
    {
        RunFacts facts = RunFacts.Read(run.SerializedInput, run.SerializedOutput, run.SerializedCustomStatus, run.IsCompleted);
        return new RunEntry
        {
            Id = run.InstanceId,
            Name = KnownOrchestrator.NameOf(run.Name),
            Status = StatusOf(run.RuntimeStatus),
            Created = run.CreatedAt.ToUniversalTime(),
            Updated = now,
            Ended = run.IsCompleted ? run.LastUpdatedAt.ToUniversalTime() : null,
            Outcome = facts.Outcome,
            Stage = facts.Stage,
            Spent = facts.Spent,
            Parent = known?.Parent,
            Tags = facts.TagsWith(run.Tags ?? new Dictionary<string, string>()),
            Input = RunText.Excerpt(run.SerializedInput),
            Output = RunText.Excerpt(run.SerializedOutput),
            CustomStatus = RunText.Excerpt(run.SerializedCustomStatus),
            Failure = RunText.Excerpt(run.FailureDetails?.ErrorMessage),
            Calls = known?.Calls,
        };
    }

    public static RunStatus StatusOf(OrchestrationRuntimeStatus status) =>
        status switch
        {
            OrchestrationRuntimeStatus.Pending => RunStatus.Pending,
            OrchestrationRuntimeStatus.Suspended => RunStatus.Suspended,
            OrchestrationRuntimeStatus.Completed => RunStatus.Completed,
            OrchestrationRuntimeStatus.Failed => RunStatus.Failed,
            OrchestrationRuntimeStatus.Terminated => RunStatus.Terminated,
            _ => RunStatus.Running, // also what continues as new, and what older stores call cancelled while it ends
        };

    private static RunStatus StatusOf(OrchestrationTurn turn, bool hasEnded) =>
        hasEnded
            ? turn.End!.OrchestrationStatus switch
            {
                OrchestrationStatus.Completed => RunStatus.Completed,
                OrchestrationStatus.Terminated => RunStatus.Terminated,
                _ => RunStatus.Failed,
            }
        : turn.IsSuspended ? RunStatus.Suspended
        : RunStatus.Running;
}
