using System.Text.Json;
using Serverless.Statistics.Shifts.Numbers;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Numbers;

public sealed class NumbersOracleTests
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Samples => ScipyValues.Names("numbers");

    [Theory]
    [MemberData(nameof(Samples))]
    public void KolmogorovSmirnov_Matches_Scipy_On_DrawnSamples(string name)
    {
        (JsonElement row, SortedSample reference, SortedSample current) = Read(name);

        long distance = KolmogorovSmirnov.Distance(reference, current);
        double d = (double)distance / reference.Count / current.Count;

        Assert.Equal(row.Number("ks"), d, Tolerance);
        Assert.Equal(row.Number("ksExact"), KolmogorovSmirnov.ExactP(reference.Count, current.Count, distance), Tolerance);
        Assert.Equal(row.Number("ksAsymptotic"), KolmogorovSmirnov.AsymptoticP(reference.Count, current.Count, d), Tolerance);
        Assert.Equal(row.Number("ksExact"), KolmogorovSmirnov.Test(reference, current).P!.Value, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void CramerVonMises_Matches_Scipy_On_DrawnSamples(string name)
    {
        (JsonElement row, SortedSample reference, SortedSample current) = Read(name);

        double u = CramerVonMises.RankDistance(reference, current);
        double t = CramerVonMises.Statistic(u, reference.Count, current.Count);

        Assert.Equal(row.Number("cvm"), t, Tolerance);
        Assert.Equal(row.Number("cvmAsymptotic"), CramerVonMises.AsymptoticP(t, reference.Count, current.Count), Tolerance);
        if (row.GetProperty("cvmExact").ValueKind == JsonValueKind.Number)
        {
            Assert.Equal(row.Number("cvmExact"), CramerVonMises.ExactP(u, reference.Count, current.Count), Tolerance);
            Assert.Equal(row.Number("cvmExact"), CramerVonMises.Test(reference, current).P!.Value, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Wasserstein_Matches_Scipy_On_DrawnSamples(string name)
    {
        (JsonElement row, SortedSample reference, SortedSample current) = Read(name);

        Assert.Equal(row.Number("wasserstein"), Wasserstein.Distance(reference, current), Tolerance);
        Assert.Equal(row.Number("wassersteinDeviations"), Wasserstein.InDeviations(reference, current), Tolerance);
        Assert.Equal(row.Number("wassersteinIqr"), Wasserstein.InInterquartileRanges(reference, current), Tolerance);
    }

    [Fact]
    public void KolmogorovDistribution_Matches_Scipy_On_AllItsMethods() =>
        Assert.All(ScipyValues.List("kolmogorov"), row =>
            Assert.Equal(row.Number("above"), KolmogorovDistribution.Above((int)row.Number("n"), row.Number("d")), Tolerance)
        );

    private static (JsonElement Row, SortedSample Reference, SortedSample Current) Read(string name)
    {
        JsonElement row = ScipyValues.Named("numbers", name);
        return (row, new SortedSample(row.Array<double>("reference")), new SortedSample(row.Array<double>("current")));
    }
}
