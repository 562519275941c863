namespace Serverless.Inference.Serving.Batching;

/// <summary>What is not taken, or not answered, and why.</summary>
internal sealed partial class Batcher<T>
{
    private void CheckSizes(IReadOnlyList<BatchItem<T>> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Cost > _limits.MaxCost)
            {
                throw new ServingException(
                    ServingFault.ItemTooLarge,
                    $"Item {i} for model {_meter.Model} has {items[i].Cost} {_limits.Unit}; at most {_limits.MaxCost} are taken."
                )
                {
                    Found = items[i].Cost,
                    Allowed = _limits.MaxCost,
                };
            }
        }
        if (items.Sum(i => i.Cost) is var all && all > _limits.MaxQueueCost)
        {
            throw new ServingException(
                ServingFault.ItemTooLarge,
                $"A request of {items.Count} items for model {_meter.Model} has {all} {_limits.Unit}; at most "
                    + $"{_limits.MaxQueueCost} are taken at a time."
            )
            {
                Found = all,
                Allowed = _limits.MaxQueueCost,
            };
        }
    }

    private ServingException Stopping() => new(ServingFault.Stopping, $"Model {_meter.Model} is being unloaded; nothing more is taken.");

    private ServingException Overran(RunningBatch<T> batch) =>
        new(
            ServingFault.OutOfService,
            $"Model {_meter.Model} is out of service: a run of {batch.Items.Length} items took longer than {_limits.RunDeadline} "
                + "(RunDeadline)."
        );

    private ServingException DeadlinePassed(BatchRequest<T> request, TimeSpan now) =>
        new(
            ServingFault.DeadlinePassed,
            $"The deadline of a request of {request.Items.Length} items for model {_meter.Model} passed "
                + $"{(now - request.Deadline!.Value).TotalMilliseconds:0} ms ago, {request.Unanswered} unanswered, "
                + $"{(now - request.Arrived).TotalMilliseconds:0} ms after it came."
        );

    private ServingException QueueFull(long cost)
    {
        TimeSpan wait = _runs.Expect(_queue.Cost) / _limits.Runners;
        return new ServingException(
            ServingFault.QueueFull,
            $"Model {_meter.Model} has {_queue.Cost} {_limits.Unit} waiting and takes at most {_limits.MaxQueueCost}; {cost} more "
                + $"do not fit."
        )
        {
            RetryAfter = wait > ShortestWait ? wait : ShortestWait,
            Found = _queue.Cost + cost,
            Allowed = _limits.MaxQueueCost,
        };
    }
}
