using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable.Turns;

/// <summary>Reads what the framework needs for a turn: the history, and the messages that are due.</summary>
internal sealed class TurnLoader(Func<DurableStore> store)
{
    public TurnWorkItem Load(ClaimedTurn claim, LanePlace place)
    {
        DurableStore source = store();
        (List<HistoryEvent> history, List<(long Id, TaskMessage Message)> messages) = source.ReadTogether(session =>
        {
            List<HistoryEvent> read = claim.HistoryLength > 0 ? HistoryTable.Read(session, source.Hub, claim.InstanceId) : [];
            return (read, MessagesTable.ReadDue(session, source.Hub, claim.InstanceId, source.Now, read.Count));
        });
        OrchestrationRuntimeState state = new(history);
        if (state.ExecutionCompletedEvent is not null)
        {
            // Only a request to rewind makes one that has ended run; what it awaited then follows in the next turn.
            messages.RemoveAll(message => message.Message.Event is not ExecutionRewoundEvent);
        }

        List<TaskMessage> taken = [.. messages.Select(message => message.Message)];
        if (history.Count == 0 && taken.Count > 0)
        {
            Entities.AutoStart(claim.InstanceId, taken);
        }

        GiveTrace(state, taken);
        return new TurnWorkItem
        {
            InstanceId = claim.InstanceId,
            OrchestrationRuntimeState = state,
            NewMessages = taken,
            LockedUntilUtc = DateTime.MaxValue,
            Claim = claim,
            Taken = [.. messages.Select(message => message.Id)],
            Place = place,
        };
    }

    // The framework expects an instance that is rewound to have a trace, which one started without tracing has not.
    private static void GiveTrace(OrchestrationRuntimeState state, List<TaskMessage> taken)
    {
        if (
            state.ExecutionStartedEvent is { ParentTraceContext: null }
            && taken.Select(message => message.Event).OfType<ExecutionRewoundEvent>().LastOrDefault() is { ParentTraceContext: null } rewind
        )
        {
            rewind.ParentTraceContext = new DistributedTraceContext("");
        }
    }
}
