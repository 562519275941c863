using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// One caller's items, which are answered, refused, cancelled and late together. Changed under the batcher's lock only; times count from
/// the batcher's start.
/// </summary>
internal sealed class BatchRequest<T>
{
    private readonly TaskCompletionSource<ItemTimes> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ModelTime _spent;

    public BatchRequest(IReadOnlyList<BatchItem<T>> items, RequestPriority priority, TimeSpan arrived, TimeSpan due, TimeSpan? deadline)
    {
        Items = [.. items.Select(i => new QueuedItem<T>(this, i))];
        (Priority, Arrived, Due, Deadline, Unanswered) = (priority, arrived, due, deadline, Items.Length);
        Cost = Items.Sum(i => i.Item.Cost);
    }

    public QueuedItem<T>[] Items { get; }
    public RequestPriority Priority { get; }
    public TimeSpan Arrived { get; }

    /// <summary>
    /// Arrival and the patience of the priority: items leave in this order, so that each one's turn comes whatever arrives after it.
    /// </summary>
    public TimeSpan Due { get; }

    public TimeSpan? Deadline { get; }
    public long Cost { get; }

    /// <summary>In the order of arrival; set by the queue.</summary>
    public long Number { get; set; }

    public int Unanswered { get; private set; }

    /// <summary>The times of the item that was answered last, with what all items spent.</summary>
    public Task<ItemTimes> Completion => _completion.Task;

    public bool IsSettled => _completion.Task.IsCompleted;

    public void Answer(in ItemTimes times)
    {
        _spent += times.Spent;
        if (--Unanswered == 0)
        {
            _completion.TrySetResult(times with { Spent = _spent });
        }
    }

    public void Fail(Exception fault) => _completion.TrySetException(fault);

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}

/// <summary>How one item fared: what it waited, and the run that it shared.</summary>
/// <param name="Spent">Its share, by cost, of what the run spent.</param>
internal readonly record struct ItemTimes(TimeSpan Queue, RunTimes Run, int BatchItems, ModelTime Spent);

/// <summary>One item on its way: in a queue (Node) or in a run (Batch), never in both.</summary>
internal sealed class QueuedItem<T>(BatchRequest<T> request, BatchItem<T> item)
{
    public BatchRequest<T> Request { get; } = request;
    public BatchItem<T> Item { get; } = item;
    public LinkedListNode<QueuedItem<T>>? Node { get; set; }
    public RunningBatch<T>? Batch { get; set; }
}
