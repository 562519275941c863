namespace Serverless.Storage;

/// <summary>
/// Work handed to one worker at a time, at least once. An item taken under a lease comes back when the lease ends
/// before the item is completed. Safe from all threads.
/// </summary>
public interface IWorkQueue
{
    /// <summary>"azure" or "s3", as the store beside it.</summary>
    string Name { get; }

    /// <summary>
    /// Puts a JSON document in the queue. The id names the item where the store can (S3: an id that waits already is not
    /// doubled); an Azure queue gives each message an id of its own.
    /// </summary>
    Task SendAsync(string id, BinaryData body, CancellationToken cancellationToken);

    /// <summary>Takes up to <paramref name="max"/> items under a lease; returns at once, possibly with none.</summary>
    Task<IReadOnlyList<WorkItem>> ReceiveAsync(int max, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The item under a lease that ends later, to be used from then on; null when the lease was lost.</summary>
    Task<WorkItem?> RenewAsync(WorkItem item, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>False when the lease was lost: somebody else has the item, or has completed it.</summary>
    Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken);

    /// <summary>
    /// Hands the item back with its body as it is by now, to be taken again after the delay. Nothing happens when the lease was lost.
    /// </summary>
    Task ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken);
}

/// <summary>How much there is to do.</summary>
/// <param name="Taken">Items under a lease, or to be tried again later; null where there are too many items to tell.</param>
/// <param name="WaitingSince">Of the item that has waited longest.</param>
public sealed record QueueLook(long Waiting, long? Taken, DateTimeOffset? WaitingSince);

/// <summary>One piece of work under a lease.</summary>
/// <param name="Attempt">Grows with every hand-out, so that a late writer can be told from the present one: a fencing token.</param>
/// <param name="Receipt">Proof of the lease; changes with every renewal.</param>
public sealed record WorkItem(string Id, BinaryData Body, int Attempt, DateTimeOffset LeaseUntil, string Receipt);
