using DurableTask.Core;
using DurableTask.Core.History;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Turns;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable;

internal sealed partial class SqliteOrchestrationService
{
    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        (bool found, ClaimedActivity? claim, LanePlace place) = await _claims
            .Activities.TakeAsync(receiveTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (!found)
        {
            return null!;
        }

        ActivityWorkItem item = new()
        {
            Id = $"{claim!.InstanceId}:{claim.Id}",
            LockedUntilUtc = DateTime.MaxValue,
            TaskMessage = EventJson.ReadMessage(claim.Message, claim.InstanceId, claim.ExecutionId),
            Claim = claim,
            Place = place,
        };
        if (claim.Attempts <= _options.MaxAttempts)
        {
            return item;
        }

        try
        {
            await FailAsync(item).ConfigureAwait(false);
            return null!;
        }
        catch (SqliteStoreException)
        {
            await AbandonTaskActivityWorkItemAsync(item).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The lease is the worker's, not the activity's, and is renewed for all of them together.</summary>
    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    public async Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        ActivityWorkItem item = (ActivityWorkItem)workItem;
        StoredMessage response = StoredMessage.Of(responseMessage);
        item.Place.GiveBack();
        bool applied = await Store
            .WriteAsync(transaction =>
            {
                if (ActivitiesTable.TryRemove(transaction, item.Claim) is not { } executionId)
                {
                    return false;
                }

                responseMessage.OrchestrationInstance = new OrchestrationInstance
                {
                    InstanceId = item.Claim.InstanceId,
                    ExecutionId = executionId,
                };
                Delivery.Send(transaction, response);
                return true;
            })
            .ConfigureAwait(false);
        if (!applied)
        {
            Log.ActivityRefused(_logger, item.Claim.Id, item.Claim.InstanceId);
            throw Refused($"Activity {item.Id} was taken over by another process.");
        }
    }

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        ActivityWorkItem item = (ActivityWorkItem)workItem;
        item.Place.GiveBack();
        return GiveBackAsync(transaction => ActivitiesTable.Abandon(transaction, item.Claim, transaction.Now + _options.RetryDelay.Ticks));
    }

    private Task FailAsync(ActivityWorkItem item)
    {
        Log.Poisoned(_logger, item.Id, item.Claim.Attempts - 1);
        TaskScheduledEvent activity = (TaskScheduledEvent)item.TaskMessage.Event;
        FailureDetails failure = PoisonedTurn.Failure($"The activity '{activity.Name}'", item.Claim.Attempts - 1);
        return CompleteTaskActivityWorkItemAsync(
            item,
            new TaskMessage
            {
                OrchestrationInstance = item.TaskMessage.OrchestrationInstance,
                Event = new TaskFailedEvent(-1, activity.EventId, failure.ErrorMessage, null, failure),
            }
        );
    }
}
