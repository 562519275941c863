using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Turns;

/// <summary>
/// All that one turn changes, in one transaction: the messages that it took, its history, the activities and messages that it sends,
/// and where the instance stands. Everything is serialized before, so that the writer only writes.
/// </summary>
internal sealed class TurnCommit
{
    private readonly ClaimedTurn _turn;
    private readonly IReadOnlyList<long> _taken;
    private readonly OrchestrationRuntimeState _next;
    private readonly OrchestrationState? _state;
    private readonly bool _replacesHistory;
    private readonly bool _isRewound;
    private readonly string? _events;
    private readonly StoredMessage[] _activities;
    private readonly StoredMessage[] _messages;

    public TurnCommit(TurnWorkItem item, OrchestrationRuntimeState next, OrchestrationState? state, TurnMessages messages)
    {
        OrchestrationRuntimeState before = item.OrchestrationRuntimeState;
        _turn = item.Claim;
        _taken = item.Taken;
        _next = next;
        _state = state;
        _replacesHistory = !ReferenceEquals(before, next);
        _isRewound =
            _replacesHistory
            && before.ExecutionStartedEvent is not null
            && OrchestrationStatuses.IsFinished(before.OrchestrationStatus)
            && next.OrchestrationStatus == OrchestrationStatus.Running
            && item.NewMessages.Any(message => message.Event is ExecutionRewoundEvent);
        _events = state is null ? null : EventJson.Write(_replacesHistory ? next.Events : next.NewEvents);
        _activities = [.. messages.Activities.Select(message => StoredMessage.Of(message))];
        _messages = [.. messages.Timers.Concat(messages.Others).Select(Delivery.Prepare)];
    }

    /// <summary>Whether an orchestration ends with this turn.</summary>
    public bool Ends => _state is not null && OrchestrationStatuses.IsFinished(_state.OrchestrationStatus);

    /// <summary>False where the worker had lost the instance: then nothing of the turn counts.</summary>
    public bool Apply(StoreTransaction transaction, bool terminatesChildren)
    {
        if (!InstancesTable.TryRelease(transaction, _turn))
        {
            return false;
        }

        MessagesTable.Remove(transaction, _taken);
        if (_state is not null)
        {
            Advance(transaction, _state);
        }

        foreach (StoredMessage activity in _activities)
        {
            ActivitiesTable.Add(transaction, activity);
        }

        foreach (StoredMessage message in _messages)
        {
            Send(transaction, message);
        }

        Settle(transaction, terminatesChildren);
        return true;
    }

    private void Advance(StoreTransaction transaction, OrchestrationState state)
    {
        long length = _replacesHistory ? 0 : _turn.HistoryLength;
        if (_replacesHistory && _turn.HistoryLength > 0)
        {
            HistoryTable.Clear(transaction, _turn.InstanceId);
        }

        HistoryTable.Append(transaction, _turn.InstanceId, length, _events!);
        InstancesTable.Update(transaction, state, length + (_replacesHistory ? _next.Events : _next.NewEvents).Count);
        if (_isRewound)
        {
            RewoundWork.Adopt(transaction, state.OrchestrationInstance);
        }
        else if (_replacesHistory)
        {
            MessagesTable.RemoveStale(transaction, _turn.InstanceId, state.OrchestrationInstance.ExecutionId);
        }
    }

    private void Send(StoreTransaction transaction, StoredMessage message)
    {
        if (message.Message.Event is not ExecutionStartedEvent start)
        {
            Delivery.Send(transaction, message, _turn.InstanceId);
        }
        else if (
            Delivery.Start(transaction, message, OrchestrationStatuses.IsFinished) is { } existing
            && start.ParentInstance is { } parent
        )
        {
            string reason = $"An orchestration '{start.OrchestrationInstance.InstanceId}' is {existing} already.";
            FailureDetails failure = new("OrchestrationAlreadyExists", reason, null, null, isNonRetriable: false);
            SubOrchestrationInstanceFailedEvent refusal = new(-1, parent.TaskScheduleId, reason, null, failure);
            TaskMessage answer = new() { OrchestrationInstance = parent.OrchestrationInstance, Event = refusal };
            Delivery.Send(transaction, StoredMessage.Of(answer), _turn.InstanceId);
        }
    }

    private void Settle(StoreTransaction transaction, bool terminatesChildren)
    {
        if (Ends && _state!.OrchestrationStatus != OrchestrationStatus.Failed)
        {
            MessagesTable.RemoveAll(transaction, _turn.InstanceId);
            if (terminatesChildren && _state.OrchestrationStatus == OrchestrationStatus.Terminated)
            {
                TerminateChildren(transaction, _state.Output);
            }
        }

        InstancesTable.AwaitMessages(transaction, _turn.InstanceId);

        // The framework says by an empty input that an entity has no state, no lock and nothing queued.
        if (
            Entities.IsEntityInstance(_turn.InstanceId)
            && _state is { Input: null }
            && InstancesTable.Standing(transaction, _turn.InstanceId) is { IsReady: false }
        )
        {
            InstancesTable.Delete(transaction, _turn.InstanceId);
        }
    }

    private void TerminateChildren(StoreTransaction transaction, string? reason)
    {
        foreach (string child in InstancesTable.RunningChildren(transaction, _turn.InstanceId))
        {
            TaskMessage message = new()
            {
                OrchestrationInstance = new OrchestrationInstance { InstanceId = child },
                Event = new ExecutionTerminatedEvent(-1, reason),
            };
            Delivery.Send(transaction, StoredMessage.Of(message), _turn.InstanceId);
        }
    }
}
