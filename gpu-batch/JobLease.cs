using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>Keeps a job's lease alive while it is worked on. <see cref="Lost"/> fires when somebody else may have the job.</summary>
internal sealed class JobLease : IAsyncDisposable
{
    private readonly IWorkQueue _queue;
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly Task _renewing;
    private WorkItem _item; // written by the renewing task alone, read when it has ended

    public JobLease(IWorkQueue queue, WorkItem item, TimeSpan length, TimeProvider time)
    {
        (_queue, _item, _length, _time) = (queue, item, length, time);
        _renewing = RenewAsync();
    }

    public CancellationToken Lost => _lost.Token;

    /// <summary>Stops renewing; the item to complete or release.</summary>
    public async Task<WorkItem> EndAsync()
    {
        await _done.CancelAsync();
        await _renewing;
        return _item;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _lost.Dispose();
        _done.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_length / 3, _time, _done.Token);
                WorkItem? renewed = await TryRenewAsync();
                if (renewed is not null)
                {
                    _item = renewed;
                }
                if (renewed is not null || _time.GetUtcNow() < _item.LeaseUntil)
                {
                    continue;
                }
                await _lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
    }

    /// <summary>Null also when the store did not answer: until the lease has run out there is time to ask again.</summary>
    private async Task<WorkItem?> TryRenewAsync()
    {
        try
        {
            // Never cancelled: a renewal that took effect unseen would leave an outdated receipt behind.
            WorkItem? renewed = await _queue.RenewAsync(_item, _length, CancellationToken.None);
            if (renewed is null)
            {
                _item = _item with { LeaseUntil = DateTimeOffset.MinValue };
            }
            return renewed;
        }
        catch (Exception)
        {
            return null; // among them the client's own time-out, which looks like a cancellation
        }
    }
}
