namespace Serverless.Storage;

/// <summary>
/// The waits of one update between lost races: none after the first, then a random part of a bound that doubles. Not thread-safe.
/// </summary>
internal sealed class ConflictBackoff(string path, TimeProvider time)
{
    private static readonly TimeSpan FirstBound = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastBound = TimeSpan.FromMilliseconds(100);

    // A string's hash differs between processes and the timestamp between the updates of one: no two wait in step.
    private readonly Random _random = new(HashCode.Combine(path, time.GetTimestamp()));
    private TimeSpan _bound = TimeSpan.Zero;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_random.NextDouble() * _bound, time, cancellationToken);
        _bound = _bound == TimeSpan.Zero ? FirstBound : TimeSpan.FromTicks(Math.Min(2 * _bound.Ticks, LastBound.Ticks));
    }
}
