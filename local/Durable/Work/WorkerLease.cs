using Microsoft.Extensions.Logging;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable.Work;

/// <summary>
/// This process's right to have work in hand. It is renewed well before it ends, so that the work of a process that hangs is taken
/// over by another; and it goes with a locked file, which the system unlocks when a process dies, so that nobody has to wait then.
/// (A database in WAL mode is on one machine, and so are all its processes.) Used by the writer's thread.
/// </summary>
internal sealed class WorkerLease(DurableStorePath path, TimeSpan duration, ILogger logger)
{
    private long? _worker;
    private long _leaseUntil;
    private FileStream? _lock;

    /// <summary>Holds the lease, newly if another process has taken over meanwhile; the action makes it known once it is on disk.</summary>
    public (long Worker, Action Committed) Hold(StoreTransaction transaction)
    {
        long until = transaction.Now + duration.Ticks;
        if (_worker is { } held)
        {
            if (_leaseUntil - transaction.Now > duration.Ticks * 2 / 3)
            {
                return (held, () => { });
            }

            if (WorkersTable.TryRenew(transaction, held, until))
            {
                return (held, () => _leaseUntil = until);
            }

            Log.LeaseLost(logger, held);
        }

        long worker = WorkersTable.Add(transaction, until);
        return (worker, () => Register(worker, until));
    }

    /// <summary>Frees what dead or silent workers had in hand.</summary>
    public Action TakeOver(StoreTransaction transaction, long worker)
    {
        List<long> lost = [];
        foreach ((long other, long leaseUntil) in WorkersTable.Others(transaction, worker))
        {
            if (leaseUntil < transaction.Now || path.IsAbandoned(other))
            {
                WorkersTable.Remove(transaction, other, died: true);
                lost.Add(other);
            }
        }

        return () =>
            lost.ForEach(other =>
            {
                Log.WorkTakenOver(logger, other);
                path.DeleteLock(other);
            });
    }

    /// <summary>Gives all work back; none of it counts as an attempt.</summary>
    public void Release(StoreTransaction transaction)
    {
        if (_worker is { } worker)
        {
            WorkersTable.Remove(transaction, worker, died: false);
        }
    }

    /// <summary>Unlocks the file, as the system does for a process that died.</summary>
    public void Unlock()
    {
        _lock?.Dispose();
        _lock = null;
        _worker = null;
    }

    public void DeleteLock()
    {
        if (_worker is { } worker)
        {
            Unlock();
            path.DeleteLock(worker);
        }
    }

    private void Register(long worker, long until)
    {
        DeleteLock();
        _lock = path.TryLock(worker);
        _worker = worker;
        _leaseUntil = until;
    }
}
