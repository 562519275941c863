using DurableTask.Core;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Turns;

/// <summary>
/// Brings back what a failed instance was waiting for when it failed. The framework takes the failed tasks out of the history of an
/// instance that is rewound; those without a result stay in it, and their results were dropped, or are meant for the execution that failed.
/// </summary>
internal static class RewoundWork
{
    public static void Restore(StoreTransaction transaction, OrchestrationRuntimeState state)
    {
        OrchestrationInstance instance = state.OrchestrationInstance!;
        HashSet<long> running = ActivitiesTable.Adopt(transaction, instance.InstanceId, instance.ExecutionId);
        HashSet<int> done = [.. state.Events.Select(ResultOf).OfType<int>()];
        HashSet<int> fired = [.. state.Events.OfType<TimerFiredEvent>().Select(timer => timer.TimerId)];
        foreach (HistoryEvent item in state.Events)
        {
            switch (item)
            {
                case TaskScheduledEvent task when !done.Contains(task.EventId) && !running.Contains(task.EventId):
                    ActivitiesTable.Add(transaction, StoredMessage.Of(To(instance, task)));
                    break;
                case TimerCreatedEvent timer when !fired.Contains(timer.EventId):
                    TimerFiredEvent firing = new(-1) { TimerId = timer.EventId, FireAt = timer.FireAt };
                    Delivery.Send(transaction, Delivery.Prepare(To(instance, firing)));
                    break;
                case SubOrchestrationInstanceCreatedEvent child when !done.Contains(child.EventId):
                    RestoreChild(transaction, instance, child);
                    break;
            }
        }
    }

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

    // A child that failed is rewound by the framework or, where its failure was never taken, here.
    private static void RestoreChild(StoreTransaction transaction, OrchestrationInstance parent, SubOrchestrationInstanceCreatedEvent child)
    {
        InstanceStanding? standing = InstancesTable.Standing(transaction, child.InstanceId);
        if (standing is null)
        {
            const string Reason = "The sub-orchestration was purged before its parent was rewound.";
            FailureDetails failure = new("SubOrchestrationPurged", Reason, null, null, isNonRetriable: true);
            SubOrchestrationInstanceFailedEvent gone = new(-1, child.EventId, Reason, null, failure);
            Delivery.Send(transaction, StoredMessage.Of(To(parent, gone)));
        }
        else if (standing.Status == OrchestrationStatus.Completed)
        {
            string? output = InstanceQuery.Find(transaction.Session, transaction.Hub, child.InstanceId, withContent: true)!.Output;
            SubOrchestrationInstanceCompletedEvent result = new(-1, child.EventId, output);
            Delivery.Send(transaction, StoredMessage.Of(To(parent, result)));
        }
        else if (standing is { IsFinished: true, IsReady: false })
        {
            ExecutionRewoundEvent rewind = new(-1, "The parent was rewound.")
            {
                ParentExecutionId = parent.ExecutionId,
                InstanceId = child.InstanceId,
            };
            Delivery.Send(transaction, StoredMessage.Of(To(new OrchestrationInstance { InstanceId = child.InstanceId }, rewind)));
        }
    }

    private static int? ResultOf(HistoryEvent item) => item switch
    {
        TaskCompletedEvent completed => completed.TaskScheduledId,
        TaskFailedEvent failed => failed.TaskScheduledId,
        SubOrchestrationInstanceCompletedEvent completed => completed.TaskScheduledId,
        SubOrchestrationInstanceFailedEvent failed => failed.TaskScheduledId,
        _ => null,
    };

    private static TaskMessage To(OrchestrationInstance instance, HistoryEvent item) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.InstanceId, ExecutionId = instance.ExecutionId },
        Event = item,
    };
}
