using Serverless.Inference.Serving.Batching;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

public sealed class RunCostsTests
{
    private readonly RunCosts _runs = new();

    [Fact]
    public void BeforeAnyRun_NothingIsKnown_AndNoBatchTooLarge() =>
        Assert.Equal((false, TimeSpan.Zero, double.PositiveInfinity), (_runs.IsKnown, _runs.Expect(100), _runs.Worthwhile));

    [Fact]
    public void RunsOfOneSize_TellTheirShareOfEachUnit_AndNothingOfBatches()
    {
        Learn(cost => 0.4 * cost, 8, 8, 8);

        Assert.Equal((TimeSpan.FromMilliseconds(6.4), double.PositiveInfinity), (_runs.Expect(16), _runs.Worthwhile));
    }

    /// <summary>2 ms for the run and 0.1 ms for a unit: at 1,000 units the run's own 2 ms are a fiftieth of the rest.</summary>
    [Fact]
    public void ALine_IsFound_AndTheBatchAtWhichItsFixedPartIsAFiftieth()
    {
        Learn(cost => 2 + (0.1 * cost), 10, 40, 20, 80);

        Assert.Equal(12, _runs.Expect(100).TotalMilliseconds, 3);
        Assert.Equal(1_000, _runs.Worthwhile, 3);
    }

    [Fact]
    public void WhereABatchTakesWhatItsItemsTake_NoneIsWorthwhile_EvenWhereItTakesMore()
    {
        Learn(cost => 0.1 * cost, 10, 40, 20, 80);
        Assert.Equal(0, _runs.Worthwhile, 6);

        Learn(cost => (0.1 * cost) + (0.001 * cost * cost), 10, 40, 20, 80);
        Assert.Equal(0, _runs.Worthwhile, 6);
    }

    [Fact]
    public void WhereEachRunTakesTheSame_NoBatchIsTooLarge()
    {
        Learn(_ => 3, 10, 40, 20, 80);

        Assert.Equal(3, _runs.Expect(1_000).TotalMilliseconds, 2);
        Assert.True(_runs.Worthwhile > 1_000_000);
    }

    /// <summary>Another program took the processors for a while, or gave them back.</summary>
    [Fact]
    public void WhatWas_IsForgotten()
    {
        Learn(cost => 2 + (0.1 * cost), [.. Enumerable.Repeat((int[])[10, 40], 50).SelectMany(costs => costs)]);
        Learn(cost => 0.3 * cost, [.. Enumerable.Repeat((int[])[10, 40], 500).SelectMany(costs => costs)]);

        Assert.Equal(30, _runs.Expect(100).TotalMilliseconds, 1);
        Assert.Equal(0, _runs.Worthwhile, 1);
    }

    private void Learn(Func<int, double> milliseconds, params int[] costs) =>
        Array.ForEach(costs, cost => _runs.Learn(cost, TimeSpan.FromMilliseconds(milliseconds(cost))));
}
