using Microsoft.Extensions.Logging;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Work;

/// <summary>
/// Claims work as the last step of every commit, as much as may run here. What a commit makes ready is so handed out by that same
/// commit. While nothing is written, a timer makes an empty one: when the next message is due, and every second for the sake of
/// other processes.
/// </summary>
internal sealed class WorkClaims : ICommitStep, IDisposable
{
    private readonly SqliteDurabilityOptions _options;
    private readonly WorkerLease _lease;
    private readonly ITimer _timer;
    private long _nextLookAround;
    private volatile bool _isOpen;

    public WorkClaims(
        WorkSettings settings,
        SqliteDurabilityOptions options,
        DurableStorePath path,
        ILogger logger,
        TimeProvider time,
        Action wake
    )
    {
        _options = options;
        _lease = new WorkerLease(path, options.LeaseDuration, logger);
        _timer = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Orchestrations = new WorkLane<ClaimedTurn>(settings.MaxConcurrentOrchestrations);
        Entities = new WorkLane<ClaimedTurn>(settings.MaxConcurrentEntities);
        Activities = new WorkLane<ClaimedActivity>(settings.MaxConcurrentActivities);
    }

    public WorkLane<ClaimedTurn> Orchestrations { get; }

    public WorkLane<ClaimedTurn> Entities { get; }

    public WorkLane<ClaimedActivity> Activities { get; }

    public void Open() => _isOpen = true;

    /// <summary>Gives back all that is in hand, in this transaction.</summary>
    public void Close(StoreTransaction transaction)
    {
        _isOpen = false;
        _lease.Release(transaction);
    }

    public void Forget()
    {
        _isOpen = false;
        _lease.DeleteLock();
        Orchestrations.Clear();
        Entities.Clear();
        Activities.Clear();
    }

    public Action Run(StoreTransaction transaction)
    {
        if (!_isOpen)
        {
            return () => { };
        }

        (long worker, Action held) = _lease.Hold(transaction);
        Action takenOver = LookAround(transaction, worker);
        WorkLane<ClaimedTurn> entityLane = _options.SeparatesEntities ? Entities : Orchestrations;
        List<ClaimedTurn> orchestrations = ClaimTurns(transaction, worker, Orchestrations.Free, entities: false);
        int freeForEntities = _options.SeparatesEntities ? Entities.Free : Orchestrations.Free - orchestrations.Count;
        List<ClaimedTurn> entities = ClaimTurns(transaction, worker, freeForEntities, entities: true);
        int free = Activities.Free;
        List<ClaimedActivity> activities = free > 0 ? ActivitiesTable.Claim(transaction, worker, free) : [];
        TimeSpan rest = UntilNext(transaction);
        return () =>
        {
            held();
            takenOver();
            Orchestrations.Deliver(orchestrations);
            entityLane.Deliver(entities);
            Activities.Deliver(activities);
            _timer.Change(rest, Timeout.InfiniteTimeSpan);
        };
    }

    /// <summary>Ends as a crash would; the system would unlock the file.</summary>
    public void Abandon()
    {
        _isOpen = false;
        _timer.Dispose();
        _lease.Unlock();
    }

    public void Dispose() => _timer.Dispose();

    private Action LookAround(StoreTransaction transaction, long worker)
    {
        if (transaction.Now < _nextLookAround)
        {
            return () => { };
        }

        Action takenOver = _lease.TakeOver(transaction, worker);
        return () =>
        {
            _nextLookAround = transaction.Now + _options.PollInterval.Ticks;
            takenOver();
        };
    }

    private static List<ClaimedTurn> ClaimTurns(StoreTransaction transaction, long worker, int free, bool entities) =>
        free > 0 ? InstancesTable.Claim(transaction, worker, entities, free) : [];

    private TimeSpan UntilNext(StoreTransaction transaction)
    {
        long next = transaction.Now + _options.PollInterval.Ticks;
        next = Math.Min(next, InstancesTable.NextDue(transaction, entities: false) ?? next);
        next = Math.Min(next, InstancesTable.NextDue(transaction, entities: true) ?? next);
        next = Math.Min(next, ActivitiesTable.NextDue(transaction) ?? next);

        // What is due and not claimed waits for a place, which a completion gives back with a commit of its own.
        return next > transaction.Now ? TimeSpan.FromTicks(next - transaction.Now) : _options.PollInterval;
    }
}

/// <summary>How much may run here at a time.</summary>
internal sealed record WorkSettings(
    string HubName,
    int MaxConcurrentOrchestrations,
    int MaxConcurrentActivities,
    int MaxConcurrentEntities,
    int? MaxEntityBatchSize
);
