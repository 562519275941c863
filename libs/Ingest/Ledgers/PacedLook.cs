namespace Serverless.Ingest.Ledgers;

/// <summary>
/// A look whose cost grows with what is looked at, such as a listing: shared by all who ask while it is fresh, and taken anew only after it
/// rested five times as long as it took. So a small store is looked at nearly each time, and a large one costs at most a sixth of the time,
/// however many pages ask how often. Thread-safe; one look at a time.
/// </summary>
public sealed class PacedLook<T>(Func<CancellationToken, Task<T>> look, TimeProvider time)
{
    private const int RestPerLook = 5;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _looking = new(1);
    private Taken? _last;

    private sealed record Taken(T Value, long At, TimeSpan Rest);

    public async Task<T> TakeAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < last.Rest)
            {
                return last.Value;
            }
            long started = time.GetTimestamp();
            T value = await look(cancellationToken);
            TimeSpan rest = time.GetElapsedTime(started) * RestPerLook;
            _last = new Taken(value, time.GetTimestamp(), rest < LongestRest ? rest : LongestRest);
            return value;
        }
        finally
        {
            _looking.Release();
        }
    }
}
