using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Turns;

/// <summary>Ends an orchestration without running it: one that has not started, or one whose turn takes the process down.</summary>
internal static class ForcedEnd
{
    public static void TerminateUnstarted(StoreTransaction transaction, string instanceId, ExecutionTerminatedEvent termination)
    {
        TaskMessage start = MessagesTable.ReadStart(transaction.Session, transaction.Hub, instanceId)!;
        OrchestrationRuntimeState state = new();
        state.AddEvent(new OrchestratorStartedEvent(-1));
        state.AddEvent(start.Event);
        state.AddEvent(termination);
        End(state, OrchestrationStatus.Terminated, termination.Input, null);
        HistoryTable.Append(transaction, instanceId, 0, EventJson.Write(state.Events));
        MessagesTable.RemoveAll(transaction, instanceId);
        InstancesTable.Update(transaction, Utils.BuildOrchestrationState(state), state.Events.Count);
        InstancesTable.AwaitMessages(transaction, instanceId);
        if (ResultForParent(state, termination.Input, null) is { } result)
        {
            Delivery.Send(transaction, StoredMessage.Of(result), instanceId);
        }
    }

    /// <summary>Adds the messages that a turn would have taken, and the failure.</summary>
    public static void Fail(OrchestrationRuntimeState state, IEnumerable<TaskMessage> messages, FailureDetails failure)
    {
        state.AddEvent(new OrchestratorStartedEvent(-1));
        foreach (TaskMessage message in messages)
        {
            if (message.Event is not ExecutionStartedEvent || state.ExecutionStartedEvent is null)
            {
                state.AddEvent(message.Event);
            }
        }

        End(state, OrchestrationStatus.Failed, failure.ErrorMessage, failure);
    }

    public static TaskMessage? ResultForParent(OrchestrationRuntimeState state, string? reason, FailureDetails? failure) =>
        state.ParentInstance is { } parent && !OrchestrationStatuses.IsDetached(state.Tags)
            ? new TaskMessage
            {
                OrchestrationInstance = parent.OrchestrationInstance,
                Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, reason, null, failure),
            }
            : null;

    private static void End(OrchestrationRuntimeState state, OrchestrationStatus status, string? result, FailureDetails? failure)
    {
        state.AddEvent(new ExecutionCompletedEvent(-1, result, status, failure));
        state.AddEvent(new OrchestratorCompletedEvent(-1));
    }
}
