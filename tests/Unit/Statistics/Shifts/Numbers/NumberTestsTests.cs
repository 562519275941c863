using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Numbers;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Numbers;

/// <summary>How often the tests of two samples of numbers err, what they find, and what they do with odd samples.</summary>
public sealed class NumberTestsTests(ITestOutputHelper output)
{
    private static readonly SortedSample Five = new([3, 1, 2, 5, 4]);

    /// <summary>Few values of few sizes have few p-values, so that the rate is below 5 % there.</summary>
    [Theory]
    [InlineData(12, 12, 0.02)]
    [InlineData(150, 60, 0.035)]
    [InlineData(1_100, 1_000, 0.04)]
    public void KolmogorovSmirnov_OfOneDistribution_RejectsItsRate(int m, int n, double least)
    {
        double rate = Draws.Rejected(2_000, (random, _) => KolmogorovSmirnov.Test(Normal(random, m), Normal(random, n)).P);

        output.WriteLine($"{rate:P2}");
        Assert.InRange(rate, least, 0.06);
    }

    [Theory]
    [InlineData(9, 9)]
    [InlineData(50, 20)]
    [InlineData(150, 100)]
    public void CramerVonMises_OfOneDistribution_RejectsItsRate(int m, int n)
    {
        double rate = Draws.Rejected(2_000, (random, _) => CramerVonMises.Test(Normal(random, m), Normal(random, n)).P);

        output.WriteLine($"{rate:P2}");
        Assert.InRange(rate, 0.04, 0.06);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Tests_OfManyTies_RejectAtMostTheirRate(int values)
    {
        double ks = Draws.Rejected(1_000, (random, _) => KolmogorovSmirnov.Test(Draw(random, 100), Draw(random, 80)).P);
        double cvm = Draws.Rejected(1_000, (random, _) => CramerVonMises.Test(Draw(random, 300), Draw(random, 240)).P);

        output.WriteLine($"{ks:P2}, {cvm:P2}");
        Assert.InRange(ks, 0, 0.06);
        Assert.InRange(cvm, 0, 0.06);
        SortedSample Draw(Random random, int count) => random.Sample(count, r => r.Next(values));
    }

    /// <summary>At least 90 % of windows of so many values.</summary>
    [Theory]
    [InlineData(0.5, 1, 150)]
    [InlineData(0, 1.5, 400)]
    [InlineData(0.1, 1, 4_000)]
    public void Tests_OfAShiftedMeanOrDeviation_FindIt(double mean, double deviation, int values)
    {
        int seeds = values > 1_000 ? 60 : 200;
        double ks = Draws.Rejected(seeds, (random, _) => KolmogorovSmirnov.Test(Normal(random, values), random.Sample(values, Shifted)).P);
        double cvm = Draws.Rejected(seeds, (random, _) => CramerVonMises.Test(Normal(random, values), random.Sample(values, Shifted)).P);

        output.WriteLine($"{ks:P1}, {cvm:P1}");
        Assert.InRange(ks, 0.9, 1);
        Assert.InRange(cvm, 0.9, 1);
        double Shifted(Random random) => mean + (deviation * random.Normal());
    }

    [Fact]
    public void Tests_OfFewValues_SayThatTheyAreNotEnough()
    {
        SortedSample none = new([]),
            one = new([1]);

        Assert.Equal(ShiftVerdict.NotEnoughData, KolmogorovSmirnov.Test(Five, none).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotEnoughData, KolmogorovSmirnov.Test(one, Five).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotEnoughData, CramerVonMises.Test(Five, one).Judge(0.05));
        Assert.Equal(double.NaN, Wasserstein.Distance(Five, none));
        Assert.Equal(2, Wasserstein.Distance(Five, one), 12);
    }

    [Fact]
    public void Tests_OfOneValueOnly_ShowNothing()
    {
        SortedSample same = new([7, 7, 7, 7, 7, 7]);

        Assert.Equal((0, 1.0, 0), (KolmogorovSmirnov.Test(same, same) is var ks ? (ks.Statistic, ks.P, ks.Effect) : default));
        Assert.Equal(ShiftVerdict.NotShown, CramerVonMises.Test(same, same).Judge(0.05));
        Assert.Equal(0, Wasserstein.InDeviations(same, same));
        Assert.Equal(double.PositiveInfinity, Wasserstein.InDeviations(same, Five));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void ASample_Rejects_WhatIsNoNumber(double value)
    {
        var error = Assert.Throws<ArgumentException>(() => new SortedSample([1, 2, value]));

        Assert.Contains("Value 2 of 3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A p-value that many tests are corrected by must not end at 10⁻¹⁶.</summary>
    [Fact]
    public void Tests_OfSamplesFarApart_KeepTheDigitsOfSmallPValues()
    {
        SortedSample low = new([.. Enumerable.Range(0, 200).Select(i => (double)i)]),
            high = new([.. Enumerable.Range(1_000, 200).Select(i => (double)i)]);

        // Two of the C(400, 200) orders.
        Assert.Equal(1.942e-119, KolmogorovSmirnov.Test(low, high).P!.Value, 1e-121);
        Assert.InRange(CramerVonMises.Test(low, high).P!.Value, 1e-80, 1e-30);
    }

    private static SortedSample Normal(Random random, int count) => random.Sample(count, Draws.Normal);
}
