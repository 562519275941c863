using System.Collections.Concurrent;
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
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<Action<StoreTransaction>> _undone = [];
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
        _time = time;
        _wake = wake;
        _timer = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Orchestrations = new WorkLane<ClaimedTurn>(settings.MaxConcurrentOrchestrations);
        Entities = new WorkLane<ClaimedTurn>(settings.MaxConcurrentEntities);
        Activities = new WorkLane<ClaimedActivity>(settings.MaxConcurrentActivities);
    }

    public WorkLane<ClaimedTurn> Orchestrations { get; }

    public WorkLane<ClaimedTurn> Entities { get; }

    public WorkLane<ClaimedActivity> Activities { get; }

    public void Open() => _isOpen = true;

    /// <summary>Gives work back in the next commit that succeeds; nobody else hands it out as long as this process lives.</summary>
    public void GiveBack(Action<StoreTransaction> work) => _undone.Enqueue(work);

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

        Action<StoreTransaction>[] undone = [.. _undone];
        Array.ForEach(undone, work => work(transaction));
        (long worker, Action held) = _lease.Hold(transaction);
        Action takenOver = LookAround(transaction, worker);
        WorkLane<ClaimedTurn> entityLane = _options.SeparatesEntities ? Entities : Orchestrations;
        List<ClaimedTurn> orchestrations = ClaimTurns(transaction, worker, Orchestrations.Free, entities: false);
        int freeForEntities = _options.SeparatesEntities ? Entities.Free : Orchestrations.Free - orchestrations.Count;
        List<ClaimedTurn> entities = ClaimTurns(transaction, worker, freeForEntities, entities: true);
        int free = Activities.Free;
        List<ClaimedActivity> activities = free > 0 ? ActivitiesTable.Claim(transaction, worker, free) : [];
        long next = NextLook(transaction);
        return () =>
        {
            Array.ForEach(undone, _ => _undone.TryDequeue(out Action<StoreTransaction>? _));
            held();
            takenOver();
            Orchestrations.Deliver(orchestrations);
            entityLane.Deliver(entities);
            Activities.Deliver(activities);
            WakeAt(next);
        };
    }

    /// <summary>Looks again after a poll interval, where a commit that looks for work has failed and so has not armed the timer.</summary>
    public void WakeLater() => WakeAt(Now + _options.PollInterval.Ticks);

    /// <summary>Unlocks what the system would unlock after a crash.</summary>
    public void Unlock() => _lease.Unlock();

    public void Dispose()
    {
        _isOpen = false;
        _timer.Dispose();
    }

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

    private long NextLook(StoreTransaction transaction)
    {
        long latest = transaction.Now + _options.PollInterval.Ticks;
        long next = Math.Min(latest, InstancesTable.NextDue(transaction, entities: false) ?? latest);
        next = Math.Min(next, InstancesTable.NextDue(transaction, entities: true) ?? latest);
        next = Math.Min(next, ActivitiesTable.NextDue(transaction) ?? latest);

        // What is due and not claimed waits for a place, which a completion gives back with a commit of its own.
        return next > transaction.Now ? next : latest;
    }

    // The clock may have been moved since the transaction, and may be moved while the timer is set: then it is late already. One that
    // was set back must not put off the next look.
    private void WakeAt(long ticks)
    {
        long rest = Math.Min(ticks - Now, _options.PollInterval.Ticks);
        if (rest > 0)
        {
            _timer.Change(TimeSpan.FromTicks(rest), Timeout.InfiniteTimeSpan);
        }

        if (Now >= ticks)
        {
            _wake();
        }
    }

    private long Now => _time.GetUtcNow().UtcTicks;
}

/// <summary>How much may run here at a time.</summary>
internal sealed record WorkSettings(
    string HubName,
    int MaxConcurrentOrchestrations,
    int MaxConcurrentActivities,
    int MaxConcurrentEntities,
    int? MaxEntityBatchSize
);
