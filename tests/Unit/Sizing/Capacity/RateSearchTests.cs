using Serverless.Sizing.Capacity;
using Xunit;

namespace Serverless.Unit.Sizing.Capacity;

public sealed class RateSearchTests
{
    [Theory]
    [InlineData(10, 137)]
    [InlineData(400, 137)]
    [InlineData(137, 137)]
    [InlineData(1, 5_000)]
    public void ARateThatHolds_IsFoundAsNearAsAsked(double first, double capacity)
    {
        RateSearch search = new(first, growth: 2);
        int trials = 0;
        for (; !search.IsWithin(0.05); trials++)
        {
            search.Tell(search.Next <= capacity);
        }

        Assert.InRange(search.Best, capacity / 1.05, capacity);
        Assert.InRange(search.Failed!.Value, capacity, capacity * 1.05);
        Assert.InRange(trials, 1, 25);
    }

    [Fact]
    public void WhereNothingHolds_ItEndsAtTheLeast()
    {
        RateSearch search = new(10, growth: 2, least: 3);
        while (!search.IsWithin(0.1))
        {
            search.Tell(false);
        }

        Assert.Equal((0, 3), (search.Best, search.Failed));
    }

    [Fact]
    public void WhereAllHolds_ItEndsAtTheMost()
    {
        RateSearch search = new(10, growth: 2, most: 50);
        while (!search.IsWithin(0.1))
        {
            search.Tell(true);
        }

        Assert.Equal((50, null), (search.Best, search.Failed));
    }
}
