using System.Collections.Concurrent;

namespace Serverless.Functions.Azure.Graph;

/// <summary>How often functions were called in this process, by the minute, for a day. Thread-safe.</summary>
public sealed class FunctionTally(TimeProvider time)
{
    private const int Minutes = 24 * 60;

    private readonly ConcurrentDictionary<string, Tally> _functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>When counting began.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    public void Count(string function, bool isFailed) =>
        _functions.GetOrAdd(function, _ => new Tally()).Count(MinuteOf(time.GetUtcNow()), isFailed);

    /// <summary>Of whole minutes, of the last day at most.</summary>
    public (int Calls, int Failed) Sum(string function, DateTimeOffset from, DateTimeOffset to) =>
        _functions.TryGetValue(function, out Tally? tally)
            ? tally.Sum(Math.Max(MinuteOf(from), MinuteOf(time.GetUtcNow()) - Minutes + 1), MinuteOf(to))
            : (0, 0);

    private static long MinuteOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    /// <summary>A ring: the place of a minute is taken by the same minute of the next day.</summary>
    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private readonly (long Minute, int Calls, int Failed)[] _ring = new (long, int, int)[Minutes];

        public void Count(long minute, bool isFailed)
        {
            lock (_lock)
            {
                ref (long Minute, int Calls, int Failed) place = ref _ring[minute % Minutes];
                place = place.Minute == minute ? place : (minute, 0, 0);
                place = (minute, place.Calls + 1, place.Failed + (isFailed ? 1 : 0));
            }
        }

        public (int Calls, int Failed) Sum(long from, long to)
        {
            int calls = 0,
                failed = 0;
            lock (_lock)
            {
                foreach (var place in _ring)
                {
                    if (place.Minute >= from && place.Minute <= to)
                    {
                        calls += place.Calls;
                        failed += place.Failed;
                    }
                }
            }
            return (calls, failed);
        }
    }
}
