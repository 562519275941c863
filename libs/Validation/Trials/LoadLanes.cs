namespace Serverless.Validation.Trials;

/// <summary>
/// Places for first loads, so that one that takes long, or never ends, holds up no other: each begins at a short turn and gives it up to a
/// place among the long ones when it takes longer. Where those are all taken it is ended, and may be tried again later. Thread-safe.
/// </summary>
internal sealed class LoadLanes(TrialOptions options, TimeProvider time) : IDisposable
{
    /// <summary>More than wait together in all usual cases; the last of them waits for about as many short turns.</summary>
    private const int MaxWaiting = 16;

    // As many at once as cores at most, two where there are more: each load takes all of them.
    private readonly SemaphoreSlim _short = new(Math.Min(2, Environment.ProcessorCount));
    private readonly SemaphoreSlim _long = new(options.LongLoads);
    private int _waiting;

    /// <exception cref="LoadsBusyException">Too many wait already, or it takes long while as many long ones run as may.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> load, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        SemaphoreSlim held = _short;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> running = load(end.Token);
        try
        {
            if (await LastsAsync(running, end.Token))
            {
                if (!await _long.WaitAsync(TimeSpan.Zero, CancellationToken.None))
                {
                    throw new LoadsBusyException(
                        $"Its first load takes more than {options.ShortLoad.TotalSeconds:0.#} s (Validation:Trial:ShortLoad), and "
                            + $"{options.LongLoads} that do run already, which is the most (Validation:Trial:LongLoads); try again later.",
                        options.LoadWithin
                    );
                }
                held = _long;
                _short.Release();
            }
            return await running;
        }
        finally
        {
            await end.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            held.Release();
        }
    }

    public void Dispose()
    {
        _short.Dispose();
        _long.Dispose();
    }

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting && _short.CurrentCount == 0)
        {
            Interlocked.Decrement(ref _waiting);
            throw new LoadsBusyException($"{MaxWaiting} first loads wait already, which is the most; try again later.", options.ShortLoad);
        }
        try
        {
            await _short.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<bool> LastsAsync(Task running, CancellationToken cancellationToken)
    {
        using CancellationTokenSource early = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task limit = Task.Delay(options.ShortLoad, time, early.Token);
        bool lasts = await Task.WhenAny(running, limit) == limit && !cancellationToken.IsCancellationRequested;
        await early.CancelAsync();
        return lasts;
    }
}

/// <summary>There is no place for a first load at present; the message says what holds it up.</summary>
public sealed class LoadsBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>By when a place should be free.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
