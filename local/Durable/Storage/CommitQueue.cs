using System.Collections.Concurrent;

namespace Serverless.Local.Durable.Storage;

/// <summary>
/// Writes changes on one thread. Changes that wait together are committed together, so that many share one flush to disk; a
/// change is acknowledged only after it. A change that throws takes none of its neighbours with it, and may be applied again.
/// </summary>
internal sealed class CommitQueue : IDisposable
{
    private const int MaxChangesPerCommit = 256;

    private readonly SqlSession _session;
    private readonly Func<SqlSession, StoreTransaction> _begin;
    private readonly ICommitStep _lastStep;
    private readonly BlockingCollection<Change> _waiting = [];
    private readonly Thread _writer;
    private volatile bool _abandoned;

    public CommitQueue(SqlSession session, Func<SqlSession, StoreTransaction> begin, ICommitStep lastStep)
    {
        _session = session;
        _begin = begin;
        _lastStep = lastStep;
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "Durable store writer" };
        _writer.Start();
    }

    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> apply)
    {
        Change<T> change = new(apply);
        try
        {
            _waiting.Add(change);
        }
        catch (InvalidOperationException)
        {
            change.Fail(Closed());
        }

        return change.Result;
    }

    /// <summary>Ends as a crash would: nothing that waits is written.</summary>
    public void Abandon()
    {
        _abandoned = true;
        Dispose();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join();
    }

    private void WriteAll()
    {
        List<Change> batch = [];
        foreach (Change first in _waiting.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < MaxChangesPerCommit && _waiting.TryTake(out Change? next))
            {
                batch.Add(next);
            }

            if (!TryCommit(batch))
            {
                // One of them is at fault: alone, each gets its own result.
                foreach (Change change in batch)
                {
                    TryCommit([change]);
                }
            }

            batch.Clear();
        }
    }

    private bool TryCommit(List<Change> batch)
    {
        Action committed;
        try
        {
            ThrowIfAbandoned();
            _session.Execute("BEGIN IMMEDIATE");
            StoreTransaction transaction = _begin(_session);
            foreach (Change change in batch)
            {
                change.Apply(transaction);
            }

            committed = _lastStep.Run(transaction);
            ThrowIfAbandoned();
            _session.Execute("COMMIT");
        }
        catch (Exception e)
        {
            _session.Rollback();
            if (batch.Count > 1)
            {
                return false;
            }

            batch[0].Fail(e);
            return true;
        }

        committed();
        foreach (Change change in batch)
        {
            change.Acknowledge();
        }

        return true;
    }

    private void ThrowIfAbandoned()
    {
        if (_abandoned)
        {
            throw Closed();
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(DurableStore), "The durable store is closed.");

    private abstract class Change
    {
        public abstract void Apply(StoreTransaction transaction);

        public abstract void Acknowledge();

        public abstract void Fail(Exception fault);
    }

    private sealed class Change<T>(Func<StoreTransaction, T> apply) : Change
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _applied;

        public Task<T> Result => _result.Task;

        public override void Apply(StoreTransaction transaction) => _applied = apply(transaction);

        public override void Acknowledge() => _result.SetResult(_applied!);

        public override void Fail(Exception fault) => _result.SetException(fault);
    }
}
