namespace Serverless.Ingest.Ledgers;

/// <summary>
/// A look whose cost grows with what is looked at, such as a listing: shared by all who ask while it is fresh, and taken anew only after it
/// rested five times as long as it took. So a small store is looked at nearly each time, and a large one costs at most a sixth of the time,
/// however many pages ask how often. Thread-safe; one look at a time, which nobody who stops waiting ends.
/// </summary>
/// <param name="patience">After so long what was seen last is answered while the look goes on; without it all wait for the look.</param>
/// <param name="first">
/// What is answered while nothing was seen yet, where it is there sooner than the first look; asked anew by who comes after its answer.
/// </param>
public sealed class PacedLook<T>(
    Func<CancellationToken, Task<T>> look,
    TimeProvider time,
    TimeSpan? patience = null,
    Func<CancellationToken, Task<T>>? first = null
)
{
    private const int RestPerLook = 5;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task<T>? _looking;
    private Task<T>? _first;
    private Taken? _last;

    private sealed record Taken(T Value, long At, TimeSpan Rest);

    public Task<T> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_last is { } fresh && time.GetElapsedTime(fresh.At) < fresh.Rest)
            {
                return Task.FromResult(fresh.Value);
            }
            if (_looking is not { IsCompleted: false })
            {
                _looking = LookAsync();
            }
            return _last is { } last && patience is { } limit ? WaitAsync(_looking, limit, last.Value, cancellationToken)
                : _last is null && first is not null ? WaitForEitherAsync(_looking, FirstAsync(first), cancellationToken)
                : _looking.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> LookAsync()
    {
        await Task.Yield(); // not under the gate
        long started = time.GetTimestamp();
        T value = await look(CancellationToken.None);
        TimeSpan rest = time.GetElapsedTime(started) * RestPerLook;
        Taken taken = new(value, time.GetTimestamp(), rest < LongestRest ? rest : LongestRest);
        lock (_gate)
        {
            _last = taken;
        }
        return value;
    }

    /// <summary>Under the gate; one at a time.</summary>
    private Task<T> FirstAsync(Func<CancellationToken, Task<T>> first)
    {
        if (_first is not { IsCompleted: false })
        {
            _first = RunAsync();
        }
        return _first;

        async Task<T> RunAsync()
        {
            await Task.Yield(); // not under the gate
            return await first(CancellationToken.None);
        }
    }

    private async Task<T> WaitAsync(Task<T> looking, TimeSpan limit, T last, CancellationToken cancellationToken)
    {
        try
        {
            return await looking.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!looking.IsFaulted)
        {
            return last;
        }
    }

    private static async Task<T> WaitForEitherAsync(Task<T> looking, Task<T> first, CancellationToken cancellationToken)
    {
        await Task.WhenAny(looking, first).WaitAsync(cancellationToken);
        return first.IsCompletedSuccessfully ? await first : await looking.WaitAsync(cancellationToken);
    }
}
