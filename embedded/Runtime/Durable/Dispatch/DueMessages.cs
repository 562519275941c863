using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>Holds messages from the future, timers above all, and delivers each when its time has come. Thread-safe.</summary>
internal sealed class DueMessages : IDisposable
{
    // A timer's longest interval is 49 days; a message may be due in years.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Message, DateTime> _waiting = new();
    private readonly TimeProvider _time;
    private readonly Action<Message> _deliver;
    private readonly ITimer _timer;

    public DueMessages(TimeProvider time, Action<Message> deliver)
    {
        _time = time;
        _deliver = deliver;
        _timer = time.CreateTimer(_ => DeliverDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False when the message is due already.</summary>
    public bool TryHold(Message message)
    {
        lock (_gate)
        {
            if (message.DueAt <= Now)
                return false;
            _waiting.Enqueue(message, message.DueAt);
            if (ReferenceEquals(_waiting.Peek(), message))
                Sleep();
            return true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    private void DeliverDue()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out Message? next, out DateTime due) && due <= Now)
            {
                _waiting.Dequeue();
                _deliver(next);
            }

            if (_waiting.Count > 0)
                Sleep();
        }
    }

    private void Sleep()
    {
        TimeSpan untilNext = _waiting.Peek().DueAt - Now;
        TimeSpan sleep = untilNext < LongestSleep ? untilNext : LongestSleep;

        // Rounded up, since a timer counts whole milliseconds and must not come early again and again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(sleep.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
