using System.Threading.Channels;

namespace Serverless.Local.Durable.Work;

/// <summary>
/// Work of one kind that this process has claimed. No more is claimed than may run at a time, so the channel cannot grow beyond that.
/// </summary>
internal sealed class WorkLane<T>(int capacity)
{
    private readonly Channel<T> _claimed = Channel.CreateUnbounded<T>();
    private int _inHand;

    /// <summary>How many more may be claimed.</summary>
    public int Free => Math.Max(0, capacity - Volatile.Read(ref _inHand));

    public void Deliver(IReadOnlyCollection<T> items)
    {
        Interlocked.Add(ref _inHand, items.Count);
        foreach (T item in items)
        {
            _claimed.Writer.TryWrite(item);
        }
    }

    /// <summary>The next claimed item with the place that it takes up; false where none came in time.</summary>
    public async Task<(bool Found, T? Item, LanePlace Place)> TakeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_claimed.Reader.TryRead(out T? item))
        {
            if (timeout <= TimeSpan.Zero)
            {
                return (false, default, LanePlace.None);
            }

            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            try
            {
                item = await _claimed.Reader.ReadAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return (false, default, LanePlace.None);
            }
        }

        return (true, item, new LanePlace(() => Interlocked.Decrement(ref _inHand)));
    }

    /// <summary>Forgets what was claimed and not taken.</summary>
    public void Clear()
    {
        while (_claimed.Reader.TryRead(out _))
        {
            Interlocked.Decrement(ref _inHand);
        }
    }
}

/// <summary>A place among the work that runs at a time. Given back once, however often it is asked to be.</summary>
internal sealed class LanePlace(Action giveBack)
{
    public static readonly LanePlace None = new(() => { });

    private int _isGivenBack;

    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
        {
            giveBack();
        }
    }
}
