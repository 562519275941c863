using System.Collections.Concurrent;

namespace Serverless.Storage;

/// <summary>
/// Work as objects in a store, "jobs/{id}.json": each holds its body and its lease, which is taken by a conditional write, so
/// that any number of workers can share it. The workers' clocks decide when a lease ends: keep them within a few seconds.
/// </summary>
public sealed partial class S3WorkQueue(IObjectStore store, string name, TimeProvider time) : IWorkQueue
{
    private const long MaxBodyBytes = 1 << 20;
    private const long MaxObjectBytes = MaxBodyBytes + 1024; // with its lease
    private const string ContentType = "application/json";
    private const string Suffix = ".json";

    // A look at the queue costs a request per page of the listing, and one per item that has changed since the last look.
    private const int MaxSeenPerReceive = 10_000;

    private readonly string _prefix = name + "/";

    /// <summary>Leases seen and still running, so that a look reads only what it cannot know.</summary>
    private readonly ConcurrentDictionary<string, (string Version, DateTimeOffset Until)> _leases = new();

    public string Name => store.Name;

    public async Task SendAsync(string id, BinaryData body, CancellationToken cancellationToken)
    {
        long length = body.ToMemory().Length;
        if (length > MaxBodyBytes)
        {
            throw new ObjectTooLargeException(store.Name, PathOf(id), length, MaxBodyBytes);
        }
        try
        {
            await WriteAsync(
                id,
                new JobObject(Attempt: 0, LeaseUntil: default, Done: false, body),
                WriteCondition.IfAbsent,
                cancellationToken
            );
        }
        catch (ObjectConflictException)
        {
            // It waits already, under the same id.
        }
    }

    public async Task<IReadOnlyList<WorkItem>> ReceiveAsync(int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        List<WorkItem> taken = [];
        int seen = 0;
        DateTimeOffset now = time.GetUtcNow();
        ForgetEndedLeases(now);
        try
        {
            await foreach (StoredObject found in store.ListAsync(_prefix, cancellationToken))
            {
                if (taken.Count == max || ++seen > MaxSeenPerReceive)
                {
                    return taken;
                }
                if (!found.Path.EndsWith(Suffix, StringComparison.Ordinal) || IsLeased(found))
                {
                    continue;
                }
                if (await TryTakeAsync(found, lease, cancellationToken) is { } item)
                {
                    taken.Add(item);
                }
            }
        }
        catch (Exception) when (taken.Count > 0)
        {
            // What is leased already would wait for nothing until its lease ended; the next look meets the fault again.
        }
        return taken;
    }

    public async Task<WorkItem?> RenewAsync(WorkItem item, TimeSpan lease, CancellationToken cancellationToken)
    {
        JobObject renewed = new(item.Attempt, time.GetUtcNow() + lease, Done: false, item.Body);
        return await TryReplaceAsync(item, renewed, cancellationToken) is { } version
            ? item with
            {
                LeaseUntil = renewed.LeaseUntil,
                Receipt = version,
            }
            : null;
    }

    public async Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        // Marked first, under the condition, and deleted then: S3 servers do not all know a conditional delete.
        JobObject done = new(item.Attempt, time.GetUtcNow(), Done: true, item.Body);
        if (await TryReplaceAsync(item, done, cancellationToken) is null)
        {
            return false;
        }
        await store.DeleteAsync(PathOf(item.Id), cancellationToken);
        return true;
    }

    public Task ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        TryReplaceAsync(item, new(item.Attempt, time.GetUtcNow() + delay, Done: false, item.Body), cancellationToken);

    private async Task<WorkItem?> TryTakeAsync(StoredObject found, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (await ReadAsync(found, cancellationToken) is not var (version, job))
        {
            return null;
        }
        if (job.Done)
        {
            // Its worker ended between the mark and the deletion.
            await store.DeleteAsync(found.Path, cancellationToken);
            return null;
        }
        DateTimeOffset now = time.GetUtcNow();
        if (job.LeaseUntil > now)
        {
            _leases[found.Path] = (version, job.LeaseUntil);
            return null;
        }
        JobObject taken = job with { Attempt = job.Attempt + 1, LeaseUntil = now + lease };
        string id = found.Path[_prefix.Length..^Suffix.Length];
        WorkItem item = new(id, job.Body, taken.Attempt, taken.LeaseUntil, version);
        return await TryReplaceAsync(item, taken, cancellationToken) is { } receipt ? item with { Receipt = receipt } : null;
    }

    /// <summary>
    /// An object that is too large for a job is read as one for the worker to refuse: it would stand before all others for ever.
    /// </summary>
    private async Task<(string Version, JobObject Job)?> ReadAsync(StoredObject found, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(found.Path, MaxObjectBytes, cancellationToken) is { } content
                ? (content.Object.Version, JobObject.Parse(content.Data))
                : null;
        }
        catch (ObjectTooLargeException e)
        {
            return (found.Version, JobObject.OfNoJob(e.Message));
        }
    }

    /// <summary>The new version, or null when the object is no longer the one that the receipt names.</summary>
    private async Task<string?> TryReplaceAsync(WorkItem item, JobObject job, CancellationToken cancellationToken)
    {
        try
        {
            StoredObject written = await WriteAsync(item.Id, job, WriteCondition.IfMatch(item.Receipt), cancellationToken);
            _leases[written.Path] = (written.Version, job.LeaseUntil);
            return written.Version;
        }
        catch (ObjectConflictException)
        {
            return null;
        }
    }

    private Task<StoredObject> WriteAsync(string id, JobObject job, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(PathOf(id), job.Format().ToStream(), condition, ContentType, cancellationToken);

    private bool IsLeased(StoredObject found) => _leases.TryGetValue(found.Path, out var lease) && lease.Version == found.Version;

    private void ForgetEndedLeases(DateTimeOffset now)
    {
        foreach (var (path, lease) in _leases)
        {
            if (lease.Until <= now)
            {
                _leases.TryRemove(KeyValuePair.Create(path, lease));
            }
        }
    }

    private string PathOf(string id) => _prefix + id + Suffix;
}
