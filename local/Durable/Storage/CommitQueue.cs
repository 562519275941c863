using System.Collections.Concurrent;

namespace Serverless.Local.Durable.Storage;

/// <summary>
/// Writes changes one after the other. Changes that wait together are committed together, so that many share one flush to disk; a
/// change is acknowledged only after it. A change that throws takes none of its neighbours with it, and may be applied again.
/// </summary>
internal sealed class CommitQueue : IDisposable
{
    private const int MaxChangesPerCommit = 256;

    private readonly SqlSession _session;
    private readonly Func<SqlSession, StoreTransaction> _begin;
    private readonly ICommitStep _lastStep;
    private readonly BlockingCollection<Change> _waiting = [];
    private readonly Thread? _writer;
    private volatile bool _abandoned;

    /// <param name="hasWriter">Whether a thread writes what waits. Without one <see cref="WriteNext"/> does, where it is called.</param>
    public CommitQueue(SqlSession session, Func<SqlSession, StoreTransaction> begin, ICommitStep lastStep, bool hasWriter)
    {
        _session = session;
        _begin = begin;
        _lastStep = lastStep;
        if (hasWriter)
        {
            _writer = new Thread(WriteAll) { IsBackground = true, Name = "Durable store writer" };
            _writer.Start();
        }
    }

    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> apply)
    {
        // A change that another thread writes must not run on that thread what waits for it.
        Change<T> change = new(apply, _writer is null ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>Commits the next change that waits, and at most so many together; false where none waits.</summary>
    public bool WriteNext(int most)
    {
        List<Change> batch = [];
        while (batch.Count < most && _waiting.TryTake(out Change? next))
        {
            batch.Add(next);
        }

        Write(batch);
        return batch.Count > 0;
    }

    /// <summary>Ends as a crash would: nothing that waits is written.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _waiting.CompleteAdding();
        _writer?.Join();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer?.Join();
        while (!_abandoned && WriteNext(MaxChangesPerCommit)) { }
    }

    private void WriteAll()
    {
        foreach (Change first in _waiting.GetConsumingEnumerable())
        {
            List<Change> batch = [first];
            while (batch.Count < MaxChangesPerCommit && _waiting.TryTake(out Change? next))
            {
                batch.Add(next);
            }

            Write(batch);
        }
    }

    private void Write(List<Change> batch)
    {
        if (batch.Count > 0 && !TryCommit(batch))
        {
            // One of them is at fault: alone, each gets its own result.
            foreach (Change change in batch)
            {
                TryCommit([change]);
            }
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

    private sealed class Change<T>(Func<StoreTransaction, T> apply, TaskCreationOptions continuations) : Change
    {
        private readonly TaskCompletionSource<T> _result = new(continuations);
        private T? _applied;

        public Task<T> Result => _result.Task;

        public override void Apply(StoreTransaction transaction) => _applied = apply(transaction);

        public override void Acknowledge() => _result.SetResult(_applied!);

        public override void Fail(Exception fault) => _result.SetException(fault);
    }
}
