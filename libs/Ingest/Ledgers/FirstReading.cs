using System.Threading.Channels;
using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>
/// How far the first reading of a ledger that has no snapshot has come, which for a large one takes many seconds: those who ask meanwhile
/// are shown what was read. Thread-safe; one reading at a time.
/// </summary>
internal sealed class FirstReading
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listed; // so far
    private volatile bool _isLong; // the ledger is large, or somebody waited for it in vain

    public bool HasEnded => _end.Task.IsCompleted;

    /// <param name="read">Documents read so far.</param>
    /// <returns>How many are left of those that were listed; 0 of a ledger that is read soon, and at the end.</returns>
    public int Left(int read) => HasEnded || !_isLong ? 0 : Math.Max(1, Volatile.Read(ref _listed) - read);

    /// <summary>Until the end, or so long at most, also while nothing is listed yet: a store may take its time for that already.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_end.Task, Task.Delay(patience, time, cancellationToken)).WaitAsync(cancellationToken);
        _isLong = true;
    }

    public void End() => _end.TrySetResult();

    /// <summary>Some at once, so that there is something to show; the rest in the order in which lists show them.</summary>
    public async IAsyncEnumerable<StoredObject> OrderAsync(IAsyncEnumerable<StoredObject> changed)
    {
        Channel<StoredObject> some = Channel.CreateUnbounded<StoredObject>(); // of at most FewestRows
        Task<List<StoredObject>> listing = ListAsync(changed, some.Writer);
        await foreach (StoredObject one in some.Reader.ReadAllAsync())
        {
            yield return one;
        }
        foreach (StoredObject one in (await listing).OrderByDescending(one => one.LastModified))
        {
            yield return one;
        }
    }

    /// <summary>Goes on while documents are read. Answers with the rest.</summary>
    private async Task<List<StoredObject>> ListAsync(IAsyncEnumerable<StoredObject> changed, ChannelWriter<StoredObject> some)
    {
        try
        {
            List<StoredObject> rest = [];
            await foreach (StoredObject one in changed)
            {
                if (Interlocked.Increment(ref _listed) <= LedgerSnapshot.FewestRows)
                {
                    some.TryWrite(one);
                    continue;
                }
                _isLong = true;
                rest.Add(one);
            }
            return rest;
        }
        finally
        {
            some.Complete();
        }
    }
}
