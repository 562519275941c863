using System.Threading.Channels;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Runs work of many assets together: while one batch runs, what arrives waits, and the next batch takes as much of it as the
/// budget allows: the one that waits longest, and beside it the smallest, so that little work does not wait for much. One item above the
/// budget runs alone, and so does each item of a batch that failed. Thread-safe; one batch at a time.
/// </summary>
/// <param name="run">Results in the order of the items.</param>
/// <param name="cost">Of one item, in the unit of the budget: tokens, frames.</param>
public sealed class BudgetBatcher<TItem, TResult>(Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> run, Func<TItem, int> cost, int budget)
{
    // Callers bound themselves: each waits for its result before it brings more.
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly List<Waiting> _arrived = []; // the longest wait first; touched by the one batch at a time alone
    private int _running;

    private sealed record Waiting(TItem Item, TaskCompletionSource<TResult> Result);

    public async Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiting waiting = new(item, new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Writer.TryWrite(waiting);
        Start();
        return await waiting.Result.Task.WaitAsync(cancellationToken);
    }

    // Whoever finds nobody at work starts the worker, which ends when nothing waits; so there is none to stop.
    private void Start()
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => RunBatches(), null);
        }
    }

    private void RunBatches()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            Run(batch);
        }
        Volatile.Write(ref _running, 0);
        if (_waiting.Reader.TryPeek(out _))
        {
            Start(); // arrived between the last look and the end
        }
    }

    private List<Waiting> TakeBatch()
    {
        while (_waiting.Reader.TryRead(out Waiting? arrived))
        {
            _arrived.Add(arrived);
        }
        List<Waiting> batch = [.. _arrived.Take(1)];
        int spent = batch.Sum(oldest => cost(oldest.Item));
        foreach (Waiting next in _arrived.Skip(1).OrderBy(waiting => cost(waiting.Item)))
        {
            if (spent + cost(next.Item) > budget)
            {
                break;
            }
            spent += cost(next.Item);
            batch.Add(next);
        }
        _arrived.RemoveAll(batch.Contains);
        return batch;
    }

    private void Run(List<Waiting> batch)
    {
        try
        {
            IReadOnlyList<TResult> results = run([.. batch.Select(waiting => waiting.Item)]);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Result.SetResult(results[i]);
            }
        }
        catch (Exception) when (batch.Count > 1)
        {
            foreach (Waiting waiting in batch)
            {
                Run([waiting]); // one asset's fault is not its neighbours'
            }
        }
        catch (Exception e)
        {
            batch[0].Result.TrySetException(e);
        }
    }
}
