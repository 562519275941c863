namespace Serverless.Ingest.Health;

/// <summary>
/// A look at what may be away. Its caller waits no longer than the limit; where the look itself goes on, the next caller waits for the same
/// one, so that a thing which hangs is asked once. Thread-safe.
/// </summary>
public sealed class BoundedLook<T>(Func<CancellationToken, Task<T>> look, TimeSpan limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<T>? _running;

    /// <exception cref="TimeoutException">There was no answer within the limit.</exception>
    public async Task<T> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Running().WaitAsync(limit, time, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private Task<T> Running()
    {
        lock (_gate)
        {
            return _running is { IsCompleted: false } ? _running : _running = LookAsync();
        }
    }

    private async Task<T> LookAsync()
    {
        await Task.Yield(); // not under the gate
        using CancellationTokenSource late = new(limit, time);
        return await look(late.Token);
    }
}
