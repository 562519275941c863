namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// Decides which items leave together, when and why; no clock, no threads: the batcher owns it and guards it with its lock. Items that
/// may share a run wait in groups. The group whose turn comes first leaves when the model is idle, when it fills a batch, when its
/// oldest item has waited long enough, or when a deadline presses.
/// </summary>
internal sealed class BatchQueue<T>(BatchLimits limits, RunCosts runs)
{
    private readonly Dictionary<BatchKey, BatchGroup<T>> _groups = [];
    private readonly SortedSet<BatchRequest<T>> _deadlines = new(
        Comparer<BatchRequest<T>>.Create(
            (a, b) => a.Deadline == b.Deadline ? a.Number.CompareTo(b.Number) : Nullable.Compare(a.Deadline, b.Deadline)
        )
    );
    private long _requests;

    public long Cost { get; private set; }
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>Some request of which something waits.</summary>
    public BatchRequest<T>? First => _groups.Values.FirstOrDefault()?.First;

    public bool HasRoom(long cost) => cost <= limits.MaxQueueCost - Cost;

    public void Add(BatchRequest<T> request)
    {
        request.Number = _requests++;
        if (request.Deadline is not null)
        {
            _deadlines.Add(request);
        }
        foreach (QueuedItem<T> item in request.Items)
        {
            if (!_groups.TryGetValue(item.Item.Key, out BatchGroup<T>? group))
            {
                _groups.Add(item.Item.Key, group = new BatchGroup<T>());
            }
            group.Add(item);
        }
        Cost += request.Cost;
    }

    /// <summary>Takes out what is left of a request that is settled, here or by a run.</summary>
    public void Remove(BatchRequest<T> request)
    {
        if (request.Deadline is not null)
        {
            _deadlines.Remove(request);
        }
        foreach (QueuedItem<T> item in request.Items.Where(i => i.Node is not null))
        {
            BatchGroup<T> group = _groups[item.Item.Key];
            group.Remove(item);
            Cost -= item.Item.Cost;
            if (group.Count == 0)
            {
                _groups.Remove(item.Item.Key);
            }
        }
    }

    /// <summary>A request, waiting or running, whose deadline has come; null when there is none.</summary>
    public BatchRequest<T>? FindLate(TimeSpan now) => _deadlines.Min is { } first && first.Deadline <= now ? first : null;

    public TimeSpan? NextDeadline => _deadlines.Min?.Deadline;

    /// <summary>The batch that should leave now, or null.</summary>
    /// <param name="idle">Nothing runs.</param>
    public RunningBatch<T>? Take(TimeSpan now, bool idle)
    {
        long enough = runs.Worthwhile < limits.MaxCost ? (long)runs.Worthwhile : limits.MaxCost;
        (BatchKey Key, BatchGroup<T> Group, LeaveReason Reason)? best = null;
        foreach ((BatchKey key, BatchGroup<T> group) in _groups)
        {
            LeaveReason? reason =
                group.Fills(enough, limits.MaxItems) ? LeaveReason.Full
                : idle ? LeaveReason.Idle
                : now - group.OldestArrival >= limits.MaxDelay ? LeaveReason.Delay
                : null;
            if (reason is not null && (best is null || group.Due < best.Value.Group.Due))
            {
                best = (key, group, reason.Value);
            }
        }
        if (best is null && FindUrgent() is { } urgent && LatestLeave(urgent) <= now)
        {
            best = (urgent.Item.Key, _groups[urgent.Item.Key], LeaveReason.Deadline);
        }
        return best is var (chosen, leaving, why) ? Leave(chosen, leaving, enough, why) : null;
    }

    /// <summary>When <see cref="Take"/> may have a batch although nothing new comes; null when nothing waits.</summary>
    public TimeSpan? NextLeave()
    {
        TimeSpan? next = null;
        foreach (BatchGroup<T> group in _groups.Values)
        {
            next = Earlier(next, group.OldestArrival + limits.MaxDelay);
        }
        return FindUrgent() is { } urgent ? Earlier(next, LatestLeave(urgent)) : next;
    }

    private RunningBatch<T> Leave(BatchKey key, BatchGroup<T> group, long enough, LeaveReason reason)
    {
        QueuedItem<T>[] items = group.Take(enough, limits.MaxItems);
        if (group.Count == 0)
        {
            _groups.Remove(key);
        }
        var batch = new RunningBatch<T>(items, reason);
        foreach (QueuedItem<T> item in items)
        {
            item.Batch = batch;
        }
        Cost -= batch.Cost;
        return batch;
    }

    /// <summary>The waiting item with the earliest deadline. Requests before it are running, which are few.</summary>
    private QueuedItem<T>? FindUrgent() => _deadlines.SelectMany(r => r.Items).FirstOrDefault(i => i.Node is not null);

    private TimeSpan LatestLeave(QueuedItem<T> item) => item.Request.Deadline!.Value - runs.Expect(_groups[item.Item.Key].Cost);

    private static TimeSpan Earlier(TimeSpan? a, TimeSpan b) => a is { } other && other < b ? other : b;
}
