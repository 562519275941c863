namespace Serverless.Inference.Serving.Batching;

/// <summary>Items that left the queue together.</summary>
internal sealed class RunningBatch<T>(QueuedItem<T>[] items, LeaveReason reason) : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = items.Length;

    public QueuedItem<T>[] Items { get; } = items;
    public LeaveReason Reason { get; } = reason;
    public long Cost { get; } = items.Sum(i => i.Item.Cost);

    /// <summary>By when the run must have ended, by the batcher's clock; null where it may take any time, or was stopped.</summary>
    public TimeSpan? Due { get; set; }

    /// <summary>Ends with the run, however that ends.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Cancelled once nobody waits for any of the items.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Under the batcher's lock: one item's caller has gone.</summary>
    public bool Leave() => --_awaited == 0;

    public void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        _abandoned.Dispose();
        _ended.SetResult();
    }
}

/// <summary>A run that took longer than it may, and was told to stop.</summary>
/// <param name="Ended">Once it has; a graph need not listen.</param>
internal sealed record BatchOverrun(ServingException Fault, Task Ended);
