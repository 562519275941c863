using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Serverless.Unit.Servers;

/// <summary>A clock that stands still until it is moved, and knows for which moments its timers wait.</summary>
internal sealed class ManualTime() : FakeTimeProvider(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<ITimer, DateTimeOffset> _due = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        WatchedTimer timer = new(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Whether somebody waits for exactly this moment, which is still to come.</summary>
    public bool IsAwaited(DateTimeOffset moment) => _due.Values.Contains(moment);

    private sealed class WatchedTimer(ManualTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                time._due.TryRemove(this, out _);
            }
            else
            {
                time._due[this] = time.GetUtcNow() + dueTime;
            }
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            time._due.TryRemove(this, out _);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
