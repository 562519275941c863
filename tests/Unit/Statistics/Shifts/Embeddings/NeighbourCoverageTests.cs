using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Embeddings;

public sealed class NeighbourCoverageTests(ITestOutputHelper output)
{
    /// <summary>Numbers of rows are whole, so that the rate is somewhat below 5 %.</summary>
    [Fact]
    public void Test_OfOneDistribution_RejectsAtMostItsRate()
    {
        double rate = Draws.Rejected(3_000, (random, seed) =>
            NeighbourCoverage.Test(new(random.Rows(80, 2, _ => 0), 2), new(random.Rows(100, 2, _ => 0), 2), 0.8, seed).P
        );

        output.WriteLine($"{rate:P2}");
        Assert.InRange(rate, 0.035, 0.06);
    }

    /// <summary>A twelfth of the current rows from where the reference has none, in nine of ten windows of 300 rows.</summary>
    [Fact]
    public void Test_OfANewSlice_FindsIt()
    {
        double found = Draws.Rejected(40, (random, seed) =>
        {
            float[] current = [.. random.Rows(275, 4, _ => 0), .. random.Rows(25, 4, _ => 4)];
            return NeighbourCoverage.Test(new(random.Rows(400, 4, _ => 0), 4), new(current, 4), 0.95, seed).P;
        });

        output.WriteLine($"{found:P0}");
        Assert.InRange(found, 0.9, 1);
    }

    [Fact]
    public void Test_OfAReferenceTooSmallForItsQuantile_SaysSo()
    {
        Random random = new(1);

        ShiftResult found = NeighbourCoverage.Test(new(random.Rows(30, 2, _ => 0), 2), new(random.Rows(30, 2, _ => 9), 2), 0.95, seed: 1);

        Assert.Equal(ShiftVerdict.NotEnoughData, found.Judge(0.05));
    }

    [Fact]
    public void Test_OfRowsAllFar_HasNoCoverage()
    {
        Random random = new(1);

        ShiftResult found = NeighbourCoverage.Test(new(random.Rows(100, 2, _ => 0), 2), new(random.Rows(30, 2, _ => 50), 2), 0.9, seed: 1);

        Assert.Equal((0, 0.9), (found.Statistic, found.Effect));
        Assert.InRange(found.P!.Value, 0, 1e-9);
    }
}
