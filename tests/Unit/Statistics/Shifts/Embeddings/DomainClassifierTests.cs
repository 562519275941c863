using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Embeddings;

public sealed class DomainClassifierTests(ITestOutputHelper output)
{
    [Fact]
    public void Test_OfOneDistribution_RejectsItsRate()
    {
        double rate = Draws.Rejected(1_500, (random, seed) =>
            DomainClassifier.Test(new(random.Rows(30, 3, _ => 0), 3), new(random.Rows(25, 3, _ => 0), 3), 39, seed).P
        );

        output.WriteLine($"{rate:P2}");
        Assert.InRange(rate, 0.04, 0.06);
    }

    /// <summary>A shift of half a deviation in one of 20 dimensions, in nine of ten windows of 300 rows.</summary>
    [Fact]
    public void Test_OfAShiftInOneDimension_FindsIt()
    {
        double found = Draws.Rejected(30, (random, seed) =>
            DomainClassifier.Test(new(random.Rows(300, 20, _ => 0), 20), new(random.Rows(300, 20, i => i == 7 ? 0.5 : 0), 20), 59, seed).P
        );

        output.WriteLine($"{found:P0}");
        Assert.InRange(found, 0.9, 1);
    }

    [Fact]
    public void Test_OfWindowsThatDoNotOverlap_TellsThemApartAlways()
    {
        Random random = new(1);

        ShiftResult found = DomainClassifier.Test(new(random.Rows(40, 60, _ => 0), 60), new(random.Rows(40, 60, _ => 5), 60), 99, seed: 1);

        Assert.Equal((1, 0.01, 1), (found.Statistic, found.P!.Value, found.Effect));
    }

    [Fact]
    public void Test_OfFewOrEqualRows_SaysSo()
    {
        float[] equal = [.. Enumerable.Repeat(1f, 60)];

        Assert.Equal(ShiftVerdict.NotEnoughData, DomainClassifier.Test(new(equal, 3), new([1, 2, 3], 3), 99, seed: 1).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotShown, DomainClassifier.Test(new(equal, 3), new(equal, 3), 99, seed: 1).Judge(0.05));
    }

    /// <summary>By hand: L = [[2, 0], [1, 2]], so that x = (1, 2) has the right side (8, 12).</summary>
    [Fact]
    public void Cholesky_Matches_HandComputation()
    {
        double[] right = [8, 12];

        new Cholesky([
            [4, 0],
            [2, 5],
        ]).Solve(right);

        Assert.Equal([1, 2], right);
    }
}
