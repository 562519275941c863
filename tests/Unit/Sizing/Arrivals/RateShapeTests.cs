using Serverless.Sizing;
using Serverless.Sizing.Arrivals;
using Xunit;

namespace Serverless.Unit.Sizing.Arrivals;

public sealed class RateShapeTests
{
    private static readonly TimeSpan Standard = TimeSpan.FromSeconds(30);

    [Fact]
    public void Parse_StretchesWithAndWithoutTimes_GivesEach()
    {
        RateShape shape = RateShape.Parse("20, 5..50 for 2m, 200 for 500ms", Standard);

        Assert.Equal(
            [
                new RateStretch(20, 20, Standard),
                new RateStretch(5, 50, TimeSpan.FromMinutes(2)),
                new RateStretch(200, 200, TimeSpan.FromMilliseconds(500)),
            ],
            shape.Stretches
        );
        Assert.Equal(600 + 3300 + 100, shape.Mean);
        Assert.Null(shape.Steady);
    }

    [Fact]
    public void Steady_OfStretchesOfOneRate_IsThatRate() => Assert.Equal(5, RateShape.Parse("5 for 1s, 5 for 2s", Standard).Steady);

    [Theory]
    [InlineData("-5", "The rate -5 is not possible; expected is 0 to 100000 a second.")]
    [InlineData("0", "The load has 0 arrivals in 30 s; expected are more than 0 and at most 50000000, in at most 31 days.")]
    [InlineData("NaN", "The load 'NaN' is none; expected is a rate a second such as 20")]
    [InlineData("many", "The load 'many' is none; expected is a rate a second such as 20")]
    [InlineData("5 for ever", "How long the load lasts is 'ever'; expected is a time such as 250ms, 30s, 5m, 2h or 1d.")]
    [InlineData("5 for -3s", "How long the load lasts is '-3s'")]
    [InlineData("5 for 1e300d", "How long the load lasts is '1e300d'")]
    [InlineData("1 for 40d", "The load has 3456000 arrivals in 40 d")]
    public void Parse_WhatIsNoLoad_NamesItAndWhatIsExpected(string text, string message)
    {
        SizingInputException refused = Assert.Throws<SizingInputException>(() => RateShape.Parse(text, Standard));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrivals_SameSeed_AreTheSame_AndInOrder()
    {
        RateShape shape = RateShape.Parse("0..40 for 10s, 100 for 1s, 0 for 5s, 3 for 10s", Standard);

        TimeSpan[] arrivals = [.. shape.Arrivals(7)];

        Assert.Equal(arrivals, shape.Arrivals(7));
        Assert.NotEqual(arrivals, shape.Arrivals(8));
        Assert.Equal(arrivals.Order(), arrivals);
        Assert.DoesNotContain(arrivals, at => at.TotalSeconds is > 11 and < 16);
        Assert.All(arrivals, at => Assert.InRange(at, TimeSpan.Zero, shape.Lasts));
    }

    /// <summary>Counts of a Poisson process have their mean as variance; 5 standard errors of both are allowed.</summary>
    [Fact]
    public void Arrivals_OfARamp_CountAsAPoissonProcessDoes()
    {
        const int seeds = 2_000;
        RateShape ramp = RateShape.Parse("10..30 for 4s", Standard);
        double[] early = new double[seeds];
        double[] late = new double[seeds];
        for (int seed = 0; seed < seeds; seed++)
        {
            TimeSpan[] arrivals = [.. ramp.Arrivals(seed)];
            early[seed] = arrivals.Count(at => at.TotalSeconds < 2);
            late[seed] = arrivals.Length - early[seed];
        }

        AssertPoisson(30, early);
        AssertPoisson(50, late);
    }

    private static void AssertPoisson(double mean, double[] counts)
    {
        double found = counts.Average();
        double variance = counts.Sum(count => (count - found) * (count - found)) / (counts.Length - 1);
        Assert.InRange(found, mean - (5 * Math.Sqrt(mean / counts.Length)), mean + (5 * Math.Sqrt(mean / counts.Length)));
        Assert.InRange(variance / mean, 1 - (5 * Math.Sqrt(2.0 / counts.Length)), 1 + (5 * Math.Sqrt(2.0 / counts.Length)));
    }
}
