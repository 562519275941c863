namespace Serverless.Inference.Serving.Batching;

/// <summary>Items that left the queue together.</summary>
internal sealed class RunningBatch<T>(QueuedItem<T>[] items, LeaveReason reason) : IDisposable
{
    private readonly CancellationTokenSource abandoned = new();
    private int awaited = items.Length;

    public QueuedItem<T>[] Items { get; } = items;
    public LeaveReason Reason { get; } = reason;
    public long Cost { get; } = items.Sum(i => i.Item.Cost);

    /// <summary>Cancelled once nobody waits for any of the items.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>Under the batcher's lock: one item's caller has gone.</summary>
    public bool Leave() => --awaited == 0;

    public void Abandon() => abandoned.Cancel();

    public void Dispose() => abandoned.Dispose();
}
