using Serverless.Imaging;
using Xunit;

namespace Serverless.Unit.Imaging;

public sealed class DecodeBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DecodeBudget Of(long bytes) => new(new DecodingOptions { MaxBytes = bytes });

    [Fact]
    public void Default_IsHalfOfTheMemory_AndAtMostAGibibyte() => Assert.InRange(Of(0).Total, 1 << 20, 1 << 30);

    [Fact]
    public async Task Take_WaitsUntilEnoughIsGivenBack()
    {
        DecodeBudget budget = Of(100);
        DecodeBudget.Lease first = await budget.TakeAsync(60, Cancellation);
        Task<DecodeBudget.Lease> second = budget.TakeAsync(50, Cancellation);
        bool waited = !second.IsCompleted;

        first.Dispose();
        using DecodeBudget.Lease lease = await second;

        Assert.True(waited);
        Assert.Equal(50, budget.Held);
    }

    [Fact]
    public async Task Take_LetsNobodyPassALargerOneThatCameBefore()
    {
        DecodeBudget budget = Of(100);
        DecodeBudget.Lease first = await budget.TakeAsync(60, Cancellation);
        Task<DecodeBudget.Lease> large = budget.TakeAsync(100, Cancellation),
            small = budget.TakeAsync(10, Cancellation);

        Assert.False(small.IsCompleted);
        first.Dispose();
        (await large).Dispose();
        (await small).Dispose();

        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task Take_EndsItsWaitWhenCancelled_AndLetsTheNextOnePass()
    {
        DecodeBudget budget = Of(100);
        using DecodeBudget.Lease first = await budget.TakeAsync(60, Cancellation);
        using CancellationTokenSource cancel = new();
        Task<DecodeBudget.Lease> large = budget.TakeAsync(100, cancel.Token),
            small = budget.TakeAsync(40, Cancellation);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        using DecodeBudget.Lease lease = await small;
        Assert.Equal(100, budget.Held);
    }

    [Fact]
    public async Task Take_RefusesWhatNeverGetsItsTurn() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Of(100).TakeAsync(101, Cancellation));

    [Fact]
    public async Task Lease_GivesBackOnce()
    {
        DecodeBudget budget = Of(100);
        using DecodeBudget.Lease other = await budget.TakeAsync(30, Cancellation);
        DecodeBudget.Lease lease = await budget.TakeAsync(20, Cancellation);

        lease.Dispose();
        lease.Dispose();

        Assert.Equal(30, budget.Held);
    }

    [Fact]
    public async Task ManyAtOnce_NeverHoldMoreThanTheBudget()
    {
        const int Seed = 3;
        DecodeBudget budget = Of(1_000);
        Random random = new(Seed);
        int[] sizes = [.. Enumerable.Range(0, 500).Select(_ => random.Next(1, 1_001))];
        long held = 0;

        await Parallel.ForEachAsync(
            sizes,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation },
            async (size, cancellationToken) =>
            {
                using DecodeBudget.Lease lease = await budget.TakeAsync(size, cancellationToken);
                Assert.InRange(Interlocked.Add(ref held, size), size, budget.Total);
                await Task.Yield();
                Interlocked.Add(ref held, -size);
            }
        );

        Assert.Equal(0, budget.Held);
    }
}
