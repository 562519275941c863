namespace Serverless.GpuBatch;

/// <summary>How long anything was in hand, several things at once counted once; up to now, also while it goes on. Thread-safe.</summary>
internal sealed class BusyTime(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _ended;
    private long _since; // while something is in hand
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public TimeSpan Total
    {
        get
        {
            lock (_gate)
            {
                return _count > 0 ? _ended + time.GetElapsedTime(_since) : _ended;
            }
        }
    }

    public void Enter()
    {
        lock (_gate)
        {
            if (_count++ == 0)
            {
                _since = time.GetTimestamp();
            }
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _ended += time.GetElapsedTime(_since);
            }
        }
    }
}
