using System.Collections.Concurrent;

namespace Serverless.Storage;

public sealed partial class S3WorkQueue
{
    private const int MaxReadPerLook = 32;

    /// <summary>Takes nothing, and reads no more than some of the items.</summary>
    public async Task<QueueLook> LookAsync(CancellationToken cancellationToken)
    {
        List<StoredObject> listed = [];
        await foreach (StoredObject found in store.ListAsync(_prefix, cancellationToken))
        {
            listed.Add(found);
            if (listed.Count == MaxSeenPerReceive)
            {
                break;
            }
        }
        DateTimeOffset now = time.GetUtcNow();
        var read = await Task.WhenAll(
            listed.Take(MaxReadPerLook).Select(async found => (Found: found, Item: await ReadAsync(found, cancellationToken)))
        );
        var waiting = read.Where(one => one.Item is { Job: { Done: false } job } && job.LeaseUntil <= now).ToList();
        long taken = read.Count(one => one.Item is { Job: { Done: false } job } && job.LeaseUntil > now);
        bool isWhole = listed.Count <= MaxReadPerLook;
        return new QueueLook(
            isWhole ? waiting.Count : listed.Count - taken,
            isWhole || taken > 0 ? taken : null,
            waiting.Count == 0 ? null : waiting.Min(one => one.Found.LastModified)
        );
    }

    /// <summary>Those that no worker has, the longest first. Takes nothing.</summary>
    /// <returns>And how many lie there beside those that were read, in a worker's hand or not.</returns>
    public async Task<(IReadOnlyList<WaitingWork> Waiting, int Unread)> ListWaitingAsync(int max, CancellationToken cancellationToken)
    {
        List<StoredObject> listed = [];
        await foreach (StoredObject found in store.ListAsync(_prefix, cancellationToken))
        {
            if (found.Path.EndsWith(Suffix, StringComparison.Ordinal))
            {
                listed.Add(found);
            }
        }
        DateTimeOffset now = time.GetUtcNow();
        ConcurrentBag<WaitingWork> waiting = [];
        await Parallel.ForEachAsync(
            listed.OrderBy(found => found.LastModified).Take(max),
            new ParallelOptions { MaxDegreeOfParallelism = MaxReadPerLook, CancellationToken = cancellationToken },
            async (found, token) =>
            {
                if (await ReadAsync(found, token) is { Job: { Done: false } job } && job.LeaseUntil <= now)
                {
                    waiting.Add(new(found.Path[_prefix.Length..^Suffix.Length], job.Body, job.Attempt, found.LastModified));
                }
            }
        );
        return ([.. waiting.OrderBy(one => one.Since)], Math.Max(0, listed.Count - max));
    }
}

/// <summary>An item that nobody has taken.</summary>
/// <param name="Attempt">How often it was handed out before.</param>
/// <param name="Since">When it was sent, or given back.</param>
public sealed record WaitingWork(string Id, BinaryData Body, int Attempt, DateTimeOffset Since);
