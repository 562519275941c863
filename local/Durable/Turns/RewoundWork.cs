using DurableTask.Core;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Turns;

/// <summary>
/// Keeps for a failed instance what it still awaits, since it can be rewound: then the framework takes the failed tasks out of its
/// history and expects the results of the others, which are meant for the execution that failed.
/// </summary>
internal static class RewoundWork
{
    /// <summary>Gives the timers, results and running activities of the failed execution to the one that takes its place.</summary>
    public static void Adopt(StoreTransaction transaction, OrchestrationInstance instance)
    {
        ActivitiesTable.Adopt(transaction, instance.InstanceId, instance.ExecutionId);
        MessagesTable.Adopt(transaction, instance.InstanceId, instance.ExecutionId);
    }

    public static bool IsKept(InstanceStanding target, TaskMessage message) =>
        target.Status == OrchestrationStatus.Failed
        && message.OrchestrationInstance.ExecutionId == target.ExecutionId
        && ResultOf(message.Event) is not null;

    /// <summary>Whether an instance awaits this result of a sub-orchestration that an earlier, failed execution started.</summary>
    public static bool Awaits(StoreTransaction transaction, string instanceId, string sender, HistoryEvent result)
    {
        if (ResultOf(result) is not { } task)
        {
            return false;
        }

        List<HistoryEvent> history = HistoryTable.Read(transaction.Session, transaction.Hub, instanceId);
        return history.OfType<SubOrchestrationInstanceCreatedEvent>().Any(child => child.EventId == task && child.InstanceId == sender)
            && !history.Any(item => ResultOf(item) == task);
    }

    private static int? ResultOf(HistoryEvent item) =>
        item switch
        {
            TaskCompletedEvent completed => completed.TaskScheduledId,
            TaskFailedEvent failed => failed.TaskScheduledId,
            SubOrchestrationInstanceCompletedEvent completed => completed.TaskScheduledId,
            SubOrchestrationInstanceFailedEvent failed => failed.TaskScheduledId,
            _ => null,
        };
}
