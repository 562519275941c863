using System.Text.Json;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Categories;
using Serverless.Statistics.Shifts.Numbers;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Categories;

public sealed class CategoryTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Tables => ScipyValues.Names("counts");

    [Theory]
    [MemberData(nameof(Tables))]
    public void Tests_Match_Scipy_On_TablesWithoutRareCategories(string name)
    {
        (JsonElement row, CategoryCounts counts) = Read(name);

        ShiftResult chi2 = HomogeneityTest.ChiSquare(counts),
            g = HomogeneityTest.G(counts);

        Assert.Equal(row.Number("chi2"), chi2.Statistic, Tolerance);
        Assert.Equal(row.Number("chi2P"), chi2.P!.Value, Tolerance);
        Assert.Equal(row.Number("g"), g.Statistic, 1e-4 * Math.Max(1e-2, row.Number("g")));
        Assert.Equal(row.Number("gP"), g.P!.Value, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Distances_Match_Scipy_On_Tables(string name)
    {
        (JsonElement row, CategoryCounts counts) = Read(name);

        Assert.Equal(row.Number("jensenShannon"), CategoryDistances.JensenShannon(counts), Tolerance);
        Assert.Equal(row.Number("hellinger"), CategoryDistances.Hellinger(counts), Tolerance);
        Assert.Equal(row.Number("stabilityIndex"), CategoryDistances.StabilityIndex(counts), Tolerance);
    }

    [Fact]
    public void ChiSquared_Matches_Scipy_On_BothSidesOfItsBend() =>
        Assert.All(ScipyValues.List("chiSquared"), row =>
            Assert.Equal(1, ChiSquared.Above(row.Number("x"), row.Number("degrees")) / row.Number("above"), Tolerance)
        );

    [Fact]
    public void Tests_OfEqualShares_RejectTheirRate()
    {
        double[] shares = [0.4, 0.3, 0.15, 0.08, 0.04, 0.02, 0.005, 0.005];
        double chi2 = Draws.Rejected(3_000, (random, _) => HomogeneityTest.ChiSquare(Draw(random)).P);
        double g = Draws.Rejected(3_000, (random, _) => HomogeneityTest.G(Draw(random)).P);

        output.WriteLine($"{chi2:P2}, {g:P2}");
        Assert.InRange(chi2, 0.04, 0.06);
        Assert.InRange(g, 0.04, 0.06);
        CategoryCounts Draw(Random random) => new(random.Counts(400, shares), random.Counts(250, shares));
    }

    /// <summary>A category of 4 % that the reference lacks, in nine of ten windows of 500.</summary>
    [Fact]
    public void Tests_OfANewCategory_FindIt()
    {
        double found = Draws.Rejected(200, (random, _) =>
            HomogeneityTest.ChiSquare(new(random.Counts(500, 0.5, 0.5, 0), random.Counts(500, 0.48, 0.48, 0.04))).P
        );

        Assert.InRange(found, 0.9, 1);
    }

    [Fact]
    public void RareCategories_AreOne_AndJoinTheSmallestIfTheyAreStillRare()
    {
        // Expected are half of both: 3, 4 and 2 make 9 together; 1 alone joins the 60.
        Assert.Equal(
            HomogeneityTest.ChiSquare(new([50, 60, 12], [60, 55, 6])),
            HomogeneityTest.ChiSquare(new([50, 60, 4, 5, 3], [60, 55, 2, 3, 1]))
        );
        Assert.Equal(HomogeneityTest.ChiSquare(new([62, 100], [60, 100])), HomogeneityTest.ChiSquare(new([60, 2, 100], [60, 0, 100])));
    }

    [Fact]
    public void Tests_OfFewCounts_SayThatTheyAreNotEnough()
    {
        Assert.Equal(ShiftVerdict.NotEnoughData, HomogeneityTest.ChiSquare(new([1_000, 1_000], [5, 4])).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotEnoughData, HomogeneityTest.G(new([], [])).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotEnoughData, HomogeneityTest.G(new([2, 3, 3, 2, 4], [3, 3, 3, 3, 3])).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotShown, HomogeneityTest.G(new([1_000, 0], [900, 0])).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotShown, HomogeneityTest.G(new([1_000, 1], [900, 0])).Judge(0.05));
        Assert.Equal(double.NaN, CategoryDistances.Hellinger(new([1, 2], [0, 0])));
    }

    [Fact]
    public void Counts_Reject_WhatIsNone()
    {
        Assert.Throws<ArgumentException>(() => new CategoryCounts([1, -2], [1, 2]));
        Assert.Throws<ArgumentException>(() => new CategoryCounts([1, 2, 3], [1, 2]));
    }

    [Fact]
    public void Counts_ByName_AreOfAllNames()
    {
        CategoryCounts counts = CategoryCounts.ByName(
            new Dictionary<string, long> { ["b"] = 1, ["a"] = 2 },
            new Dictionary<string, long> { ["c"] = 3, ["b"] = 4 }
        );

        Assert.Equal([2, 1, 0], counts.Reference.ToArray());
        Assert.Equal([0, 4, 3], counts.Current.ToArray());
    }

    [Fact]
    public void StabilityIndex_OfAnEmptyCategory_IsFiniteAndLarge() =>
        Assert.InRange(CategoryDistances.StabilityIndex(new([500, 500, 0], [250, 250, 500])), 1, 10);

    /// <summary>Worked out by hand: 30 zeros of 100 are three deciles, and one bin.</summary>
    [Fact]
    public void QuantileBins_TellAPopularValueFromWhatIsBelow()
    {
        SortedSample reference = new([.. Enumerable.Repeat(0.0, 30), .. Enumerable.Range(1, 70).Select(i => (double)i)]);
        QuantileBins bins = new(reference, 10);

        CategoryCounts counts = bins.Count(reference, new([-1, -1, 0, 70, 71]));

        Assert.Equal((0, 30, 100), (counts.Reference[0], counts.Reference[1], counts.ReferenceTotal));
        Assert.Equal((2, 1, 2), (counts.Current[0], counts.Current[1], counts.Current[^1]));
        Assert.Equal([0, 4, 0], new QuantileBins(new([5, 5, 5, 5]), 2).Count(new([5, 5, 5, 5]), new([4, 6])).Reference.ToArray());
    }

    private static (JsonElement Row, CategoryCounts Counts) Read(string name)
    {
        JsonElement row = ScipyValues.Named("counts", name);
        return (row, new CategoryCounts(row.Array<long>("reference"), row.Array<long>("current")));
    }
}
