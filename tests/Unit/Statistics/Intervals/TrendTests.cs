using Serverless.Statistics.Intervals;
using Xunit;

namespace Serverless.Unit.Statistics.Intervals;

public sealed class TrendTests
{
    /// <summary>By hand: S = 28, variance 8 · 7 · 21 / 18 = 65.33, z = 27 / 8.083 = 3.340.</summary>
    [Fact]
    public void Of_ValuesThatRise_HasTheSlope_AndTheChanceByHand()
    {
        Trend trend = Trend.Of([1, 3, 5, 7, 9, 11, 13, 15]);

        Assert.Equal(2, trend.Slope);
        Assert.Equal(0.000418, trend.P, 5e-6);
    }

    [Fact]
    public void Of_ValuesThatFall_IsNoRise() => Assert.InRange(Trend.Of([8, 7, 6, 5, 4, 3, 2, 1]).P, 0.999, 1);

    [Fact]
    public void Of_EqualValues_IsNoRise() =>
        Assert.Equal((0, 0.5), (Trend.Of(new double[10]).Slope, Math.Round(Trend.Of(new double[10]).P, 6)));

    [Fact]
    public void Of_FewValues_IsNothing() => Assert.True(double.IsNaN(Trend.Of([1, 2, 3]).P));
}
