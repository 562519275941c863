using Serverless.Statistics.Intervals;
using Xunit;

namespace Serverless.Unit.Statistics.Intervals;

public sealed class SharesTests
{
    /// <summary>The formula, evaluated in double precision elsewhere.</summary>
    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    public void Wilson_GivesItsBounds(long count, long n, double low, double high)
    {
        Interval found = Shares.Wilson(count, n, confidence: 0.95);

        Assert.Equal((double)count / n, found.Value);
        Assert.Equal(low, found.Low, 1e-6);
        Assert.Equal(high, found.High, 1e-6);
    }

    [Fact]
    public void Wilson_OfNothing_IsNotKnown() => Assert.Equal(double.NaN, Shares.Wilson(0, 0, 0.95).Value);
}
