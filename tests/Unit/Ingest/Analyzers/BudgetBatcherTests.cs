using Serverless.Ingest.Analyzers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class BudgetBatcherTests
{
    private static readonly int[] Later = [4, 5, 3, 20, 2];
    private static readonly int[] Doubled = [8, 10, 6, 40, 4];

    [Fact]
    public async Task RunAsync_TakesTheOldestAndTheSmallestTogetherWithinTheBudget()
    {
        using ManualResetEventSlim first = new(),
            released = new();
        List<int[]> batches = [];
        BudgetBatcher<int, int> batcher = new(
            items =>
            {
                batches.Add([.. items]);
                first.Set();
                released.Wait(TestContext.Current.CancellationToken);
                return [.. items.Select(item => item * 2)];
            },
            cost: item => item,
            budget: 10
        );

        Task<int> one = batcher.RunAsync(1, TestContext.Current.CancellationToken);
        first.Wait(TestContext.Current.CancellationToken);
        Task<int>[] others = [.. Later.Select(item => batcher.RunAsync(item, TestContext.Current.CancellationToken))];
        released.Set();

        Assert.Equal(2, await one);
        Assert.Equal(Doubled, await Task.WhenAll(others));
        Assert.Equal(
            [
                [1],
                [4, 2, 3],
                [5],
                [20],
            ],
            batches
        );
    }

    [Fact]
    public async Task RunAsync_FailsOneBatchAndRunsTheNext()
    {
        BudgetBatcher<int, int> batcher = new(items => items[0] == 0 ? throw new InvalidOperationException("bad") : [.. items], _ => 1, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => batcher.RunAsync(0, TestContext.Current.CancellationToken));
        Assert.Equal(7, await batcher.RunAsync(7, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_OfABadItemInABatch_FailsThatItemAlone()
    {
        using ManualResetEventSlim first = new(),
            released = new();
        BudgetBatcher<int, int> batcher = new(
            items =>
            {
                first.Set();
                released.Wait(TestContext.Current.CancellationToken);
                return items.Contains(0) ? throw new InvalidOperationException("bad") : [.. items];
            },
            _ => 1,
            10
        );

        Task<int> one = batcher.RunAsync(1, TestContext.Current.CancellationToken);
        first.Wait(TestContext.Current.CancellationToken);
        Task<int> before = batcher.RunAsync(2, TestContext.Current.CancellationToken),
            bad = batcher.RunAsync(0, TestContext.Current.CancellationToken),
            after = batcher.RunAsync(3, TestContext.Current.CancellationToken);
        released.Set();

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal((1, 2, 3), (await one, await before, await after));
    }

    [Fact]
    public async Task RunAsync_NeitherLosesNorMixesItemsOfManyCallers()
    {
        BudgetBatcher<int, int> batcher = new(items => [.. items.Select(item => -item)], _ => 1, 7);

        int[] results = await Task.WhenAll(
            Enumerable.Range(0, 2_000).Select(i => Task.Run(() => batcher.RunAsync(i, TestContext.Current.CancellationToken)))
        );

        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => -i), results);
    }
}
