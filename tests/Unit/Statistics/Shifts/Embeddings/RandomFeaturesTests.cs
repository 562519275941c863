using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Embeddings;

public sealed class RandomFeaturesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(30, 30)]
    [InlineData(130, 9)]
    public void MeanDiscrepancy_OfOneDistribution_RejectsItsRate(int m, int n)
    {
        double rate = Draws.Rejected(2_000, (random, seed) =>
            RandomFeatures
                .MeanDiscrepancy(new(random.Rows(m, 2, _ => 0), 2), new(random.Rows(n, 2, _ => 0), 2), 4, 39, seed, bandwidth: 1.5)
                .P
        );

        output.WriteLine($"{rate:P2}");
        Assert.InRange(rate, 0.04, 0.06);
    }

    [Fact]
    public void MeanDiscrepancy_IsCloseToTheKernels()
    {
        Random random = new(2);
        float[] x = random.Rows(250, 5, _ => 0),
            y = random.Rows(250, 5, _ => 0.5);

        ShiftResult exact = KernelTest.MeanDiscrepancy(new(x, 5), new(y, 5), 99, seed: 1);
        ShiftResult random512 = RandomFeatures.MeanDiscrepancy(new(x, 5), new(y, 5), 512, 99, seed: 1);

        output.WriteLine($"{exact}, {random512}");
        Assert.Equal(exact.Effect, random512.Effect, 0.02);
        Assert.Equal(exact.P, random512.P);
    }

    /// <summary>A shift of 0.07 deviations in each of 8 dimensions, in nine of ten windows of 5,000 rows.</summary>
    [Fact]
    public void MeanDiscrepancy_OfASmallShiftInManyRows_FindsIt()
    {
        double found = Draws.Rejected(10, (random, seed) =>
            RandomFeatures.MeanDiscrepancy(new(random.Rows(5_000, 8, _ => 0), 8), new(random.Rows(5_000, 8, _ => 0.07), 8), 32, 99, seed).P
        );

        output.WriteLine($"{found:P0}");
        Assert.InRange(found, 0.9, 1);
    }
}
