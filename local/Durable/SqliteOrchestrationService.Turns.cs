using DurableTask.Core;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Turns;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable;

internal sealed partial class SqliteOrchestrationService
{
    public Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout,
        CancellationToken cancellationToken
    ) => LockNextOrchestrationWorkItemAsync(receiveTimeout, cancellationToken);

    public Task<TaskOrchestrationWorkItem> LockNextOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout,
        CancellationToken cancellationToken
    ) => LockNextAsync(_claims.Orchestrations, receiveTimeout, cancellationToken);

    public Task<TaskOrchestrationWorkItem> LockNextEntityWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        LockNextAsync(_claims.Entities, receiveTimeout, cancellationToken);

    /// <summary>The lease is the worker's, not the turn's, and is renewed for all of them together.</summary>
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage? continuedAsNewMessage,
        OrchestrationState? orchestrationState
    )
    {
        IEnumerable<TaskMessage> others = continuedAsNewMessage is null
            ? orchestratorMessages
            : orchestratorMessages.Append(continuedAsNewMessage);
        TurnMessages messages = new(outboundMessages, timerMessages, others);
        return CompleteAsync((TurnWorkItem)workItem, newOrchestrationRuntimeState, orchestrationState, messages);
    }

    public async Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        TurnWorkItem item = (TurnWorkItem)workItem;
        item.Place.GiveBack();
        if (!item.IsSettled)
        {
            item.IsSettled = true;
            await AbandonAsync(item.Claim).ConfigureAwait(false);
        }
    }

    /// <summary>Called after every turn; one that was neither completed nor abandoned was taken while the worker stopped.</summary>
    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) =>
        AbandonTaskOrchestrationWorkItemAsync(workItem);

    private async Task<TaskOrchestrationWorkItem> LockNextAsync(
        WorkLane<ClaimedTurn> lane,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        (bool found, ClaimedTurn? claim, LanePlace place) = await lane.TakeAsync(timeout, cancellationToken).ConfigureAwait(false);
        if (!found)
        {
            return null!;
        }

        TurnWorkItem? item = null;
        try
        {
            item = _turns.Load(claim!, place);
            if (item.NewMessages.Count == 0)
            {
                await CompleteAsync(item, item.OrchestrationRuntimeState, null, TurnMessages.None).ConfigureAwait(false);
                return null!;
            }

            if (claim!.Attempts > _options.MaxAttempts)
            {
                await FailAsync(item).ConfigureAwait(false);
                return null!;
            }

            return item;
        }
        catch when (item?.IsSettled != true)
        {
            place.GiveBack();
            await AbandonAsync(claim!).ConfigureAwait(false);
            throw;
        }
    }

    private Task AbandonAsync(ClaimedTurn claim) =>
        GiveBackAsync(transaction => InstancesTable.Abandon(transaction, claim, transaction.Now + _options.RetryDelay.Ticks));

    private async Task CompleteAsync(TurnWorkItem item, OrchestrationRuntimeState next, OrchestrationState? state, TurnMessages messages)
    {
        TurnCommit commit = new(item, next, state, messages);
        item.Place.GiveBack();
        bool applied = await Store
            .WriteAsync(transaction => commit.Apply(transaction, _options.TerminatesSubOrchestrations))
            .ConfigureAwait(false);
        item.IsSettled = true;
        if (!applied)
        {
            Log.TurnRefused(_logger, item.InstanceId);
            throw Refused($"The turn of '{item.InstanceId}' was taken over by another process.");
        }

        if (commit.Ends)
        {
            _completions.Raise(item.InstanceId);
        }
    }

    private async Task FailAsync(TurnWorkItem item)
    {
        Log.Poisoned(_logger, item.InstanceId, item.Claim.Attempts - 1);
        PoisonedTurn poisoned = PoisonedTurn.Of(item);
        await CompleteAsync(item, item.OrchestrationRuntimeState, poisoned.State, poisoned.Messages).ConfigureAwait(false);
    }
}
