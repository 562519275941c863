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
}
