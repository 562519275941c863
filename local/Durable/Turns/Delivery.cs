using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Turns;

/// <summary>Puts messages where their instances find them, and drops what no instance waits for.</summary>
internal static class Delivery
{
    /// <summary>A message with the time at which it is due: a signal to an entity can be scheduled.</summary>
    public static StoredMessage Prepare(TaskMessage message) =>
        message.Event switch
        {
            ExecutionStartedEvent { ScheduledStartTime: { } start } => StoredMessage.Of(message, start),
            TimerFiredEvent timer => StoredMessage.Of(message, timer.FireAt),
            _ when Entities.IsDelayedEntityMessage(message, out DateTime due) => StoredMessage.Of(message, due),
            _ => StoredMessage.Of(message),
        };

    /// <param name="sender">The instance that sends it; null for a client.</param>
    public static void Send(StoreTransaction transaction, StoredMessage message, string? sender = null)
    {
        string id = message.Message.OrchestrationInstance.InstanceId;
        InstanceStanding? target = InstancesTable.Standing(transaction, id);
        if (target is null && Entities.IsEntityInstance(id))
        {
            InstancesTable.AddEntity(transaction, id);
            Add(transaction, message);
        }
        else if (target is { IsFinished: true } && message.Message.Event is ExecutionRewoundEvent)
        {
            Rewind(transaction, message, target);
        }
        else if (target is not null && RewoundWork.IsKept(target, message.Message))
        {
            MessagesTable.Add(transaction, message);
        }
        else if (target is { IsFinished: false })
        {
            SendToUnfinished(transaction, message, target, sender);
        }
    }

    /// <summary>Starts an instance unless one of its id exists in a status that is not replaced; returns that status.</summary>
    public static OrchestrationStatus? Start(StoreTransaction transaction, StoredMessage message, Func<OrchestrationStatus, bool> replaces)
    {
        ExecutionStartedEvent start = (ExecutionStartedEvent)message.Message.Event;
        InstanceStanding? existing = InstancesTable.Standing(transaction, start.OrchestrationInstance.InstanceId);
        if (existing is not null && !replaces(existing.Status))
        {
            return existing.Status;
        }

        if (existing is not null)
        {
            InstancesTable.Delete(transaction, start.OrchestrationInstance.InstanceId);
        }

        InstancesTable.Add(transaction, start, message.DueAt ?? transaction.Now);
        MessagesTable.Add(transaction, message);
        return null;
    }

    private static void SendToUnfinished(StoreTransaction transaction, StoredMessage message, InstanceStanding target, string? sender)
    {
        OrchestrationInstance address = message.Message.OrchestrationInstance;
        bool isStale = !string.IsNullOrEmpty(address.ExecutionId) && address.ExecutionId != target.ExecutionId;
        if (message.Message.Event is ExecutionTerminatedEvent termination && !target.HasHistory && !target.IsInHand)
        {
            ForcedEnd.TerminateUnstarted(transaction, address.InstanceId, termination);
        }
        else if (!isStale)
        {
            Add(transaction, message);
        }
        else if (sender is not null && RewoundWork.Awaits(transaction, address.InstanceId, sender, message.Message.Event))
        {
            address.ExecutionId = target.ExecutionId;
            Add(transaction, message);
        }
    }

    // A second request beside the first would make the framework drop both.
    private static void Rewind(StoreTransaction transaction, StoredMessage message, InstanceStanding target)
    {
        if (target.Status != OrchestrationStatus.Completed && target is { IsReady: false, HasHistory: true })
        {
            // Before the results that are kept, which may be more than a turn takes.
            MessagesTable.Add(transaction, message with { DueAt = 0 });
            InstancesTable.MakeReady(transaction, message.Message.OrchestrationInstance.InstanceId, transaction.Now);
        }
    }

    private static void Add(StoreTransaction transaction, StoredMessage message)
    {
        MessagesTable.Add(transaction, message);
        InstancesTable.MakeReady(transaction, message.Message.OrchestrationInstance.InstanceId, message.DueAt ?? transaction.Now);
    }
}
