using Serverless.GpuBatch;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.GpuBatch;

public sealed class JobLeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ARenewal_ThatTimedOut_IsTriedAgain()
    {
        ManualTime time = new();
        TimingOutQueue queue = new();
        await using JobLease lease = new(queue, new WorkItem("a", BinaryData.Empty, 1, time.GetUtcNow() + Length, "first"), Length, time);

        for (int renewal = 0; renewal < 2; renewal++)
        {
            await Recorder.UntilAsync(() => Task.FromResult(time.IsAwaited(time.GetUtcNow() + (Length / 3))));
            time.Advance(Length / 3);
        }

        await Recorder.UntilAsync(() => Task.FromResult(queue.Renewals == 2));
        Assert.Equal("second", (await lease.EndAsync()).Receipt);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    /// <summary>A store that is too slow for the first renewal, as its client tells it.</summary>
    private sealed class TimingOutQueue : IWorkQueue
    {
        private int _renewals;

        public int Renewals => Volatile.Read(ref _renewals);

        public string Name => "slow";

        public Task<WorkItem?> RenewAsync(WorkItem item, TimeSpan lease, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _renewals) == 1
                ? Task.FromException<WorkItem?>(new TaskCanceledException("The request took longer than the client's limit."))
                : Task.FromResult<WorkItem?>(item with { Receipt = "second" });

        public Task SendAsync(string id, BinaryData body, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkItem>> ReceiveAsync(int max, TimeSpan lease, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
