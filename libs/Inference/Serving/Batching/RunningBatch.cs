namespace Serverless.Inference.Serving.Batching;

/// <summary>Items that left the queue together.</summary>
internal sealed class RunningBatch<T>(QueuedItem<T>[] items, LeaveReason reason) : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private int _awaited = items.Length;

    public QueuedItem<T>[] Items { get; } = items;
    public LeaveReason Reason { get; } = reason;
    public long Cost { get; } = items.Sum(i => i.Item.Cost);

    /// <summary>Cancelled once nobody waits for any of the items.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Under the batcher's lock: one item's caller has gone.</summary>
    public bool Leave() => --_awaited == 0;

    public void Abandon() => _abandoned.Cancel();

    public void Dispose() => _abandoned.Dispose();
}
