using System.ComponentModel.DataAnnotations;

namespace Serverless.Imaging;

public sealed class DecodingOptions
{
    /// <summary>
    /// Bytes that all pictures, films and texts may take together while they are decoded; 0, the default, stands for half of the memory
    /// that the process may take, at most 1 GiB. What needs more alone is refused: raising it admits larger pictures and lets more be
    /// decoded at once, such as two GIFs of 100 million pixels, which take 600 MB each.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MaxBytes { get; set; }
}

/// <summary>
/// The bytes that pictures, films and texts take while they are decoded, all of a process together: whoever decodes asks before, waits for
/// its turn, and gives back after. First come, first served, so that a large one is not overtaken for ever. Thread-safe; one a process.
/// </summary>
public sealed class DecodeBudget(DecodingOptions options)
{
    private const long MostByDefault = 1L << 30;

    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _waiting = []; // under the gate, as is what is held
    private long _held;

    public long Total { get; } =
        options.MaxBytes > 0 ? options.MaxBytes : Math.Min(MostByDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    public long Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>How many wait for their turn.</summary>
    internal int Waits
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Disposing gives the bytes back.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly long _bytes;
        private DecodeBudget? _budget;

        internal Lease(DecodeBudget budget, long bytes) => (_budget, _bytes) = (budget, bytes);

        public void Dispose() => Interlocked.Exchange(ref _budget, null)?.GiveBack(_bytes);
    }

    private sealed class Waiting(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes => bytes;
    }

    /// <summary>Waits for its turn. Whoever holds a lease takes no second one: two that wait for each other would wait for ever.</summary>
    /// <param name="bytes">At most <see cref="Total"/>; what needs more never gets its turn.</param>
    public async Task<Lease> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Total);
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiting> waiting = new(new Waiting(bytes));
        lock (_gate)
        {
            _waiting.AddLast(waiting);
            Grant();
        }
        await using CancellationTokenRegistration leave = cancellationToken.UnsafeRegister(_ => Leave(waiting, cancellationToken), null);
        await waiting.Value.Task;
        return new Lease(this, bytes);
    }

    /// <summary>
    /// Runs what keeps a core busy, as many at a time as there are cores: more would end no sooner, and take the threads of who only waits.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<T> decode, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return decode();
        }
        finally
        {
            _cores.Release();
        }
    }

    private void Leave(LinkedListNode<Waiting> waiting, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (waiting.List is null)
            {
                return; // its turn has come
            }
            _waiting.Remove(waiting);
            waiting.Value.SetCanceled(cancellationToken);
            Grant();
        }
    }

    private void GiveBack(long bytes)
    {
        lock (_gate)
        {
            _held -= bytes;
            Grant();
        }
    }

    private void Grant()
    {
        while (_waiting.First is { } next && next.Value.Bytes <= Total - _held)
        {
            _waiting.RemoveFirst();
            _held += next.Value.Bytes;
            next.Value.SetResult();
        }
    }
}
