using System.Diagnostics;

namespace Serverless.Inference.Sessions;

/// <param name="Processor">The caller's own time, and its share of the pool's.</param>
/// <param name="Held">Its share of the time that passed.</param>
internal readonly record struct RunSpending(TimeSpan Processor, TimeSpan Held);

/// <summary>
/// Divides what the pool's threads do, and the time that passes, equally among the runs that go on at once: nothing tells which run a
/// thread of the pool works for. The shares of all runs add up to the whole. Of the process, as the pool is. Thread-safe: one lock, held
/// while the clock of each thread of the pool is read, at most two microseconds each.
/// </summary>
internal static class RunShares
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>While runs overlap, the clocks are read no more often: many short runs on many processors would wait for it.</summary>
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(1);

    private static readonly Lock Gate = new();
    private static int _running;
    private static long _pool; // nanoseconds of its threads when they were read last
    private static long _read; // timestamp of that
    private static long _changed; // timestamp of the last change
    private static double _poolEach; // nanoseconds that one run would have been given, had it always been one of those that went on
    private static double _heldEach;

    internal readonly record struct Start(long Caller, double Pool, double Held);

    /// <summary>To be handed to <see cref="End"/> by the same thread.</summary>
    public static Start Begin()
    {
        lock (Gate)
        {
            Advance(mustRead: _running == 0);
            _running++;
            return new Start(ProcessorTime.Start(), _poolEach, _heldEach);
        }
    }

    public static RunSpending End(in Start start)
    {
        long caller = ProcessorTime.Add(start.Caller);
        lock (Gate)
        {
            Advance(mustRead: _running == 1); // nobody else would be left to be given it
            _running--;
            return new RunSpending(Nanoseconds(caller + _poolEach - start.Pool), Nanoseconds(_heldEach - start.Held));
        }
    }

    private static void Advance(bool mustRead)
    {
        long now = Stopwatch.GetTimestamp();
        if (_running > 0)
        {
            _heldEach += (now - _changed) * NanosecondsPerSecond / Stopwatch.Frequency / _running;
        }
        _changed = now;
        if (!mustRead && Stopwatch.GetElapsedTime(_read, now) < ReadEvery)
        {
            return;
        }
        long pool = ProcessorTime.PoolNanoseconds;
        if (_running > 0)
        {
            _poolEach += (double)(pool - _pool) / _running;
        }
        (_pool, _read) = (pool, now);
    }

    private static TimeSpan Nanoseconds(double count) => TimeSpan.FromTicks((long)(count / TimeSpan.NanosecondsPerTick));
}
