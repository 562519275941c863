using System.Text.Json;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Embeddings;

public sealed class KernelTestTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Discrepancies_Match_Scipy_On_DrawnRows(int set)
    {
        JsonElement row = ScipyValues.List("embeddings").ElementAt(set);
        int dimension = (int)row.Number("dimension");
        EmbeddingRows reference = new(row.Array<float>("reference"), dimension),
            current = new(row.Array<float>("current"), dimension);

        ShiftResult mmd = KernelTest.MeanDiscrepancy(reference, current, permutations: 1, seed: 1);
        ShiftResult energy = KernelTest.EnergyDistance(reference, current, permutations: 1, seed: 1);

        Assert.Equal(row.Number("median"), Bandwidth.MedianDistance(reference, current, seed: 1), Tolerance);
        Assert.Equal(row.Number("mmd"), mmd.Statistic, Tolerance);
        Assert.Equal(row.Number("energy"), energy.Statistic, Tolerance);
        Assert.Equal(row.Number("energyShare"), energy.Effect, Tolerance);
    }

    /// <summary>The strips and row sums against sums over all pairs.</summary>
    [Fact]
    public void Permutations_Match_SumsOverAllPairs_On_SeveralStrips()
    {
        Random random = new(5);
        const int Each = 150;
        float[] x = random.Rows(Each, 2, _ => 0),
            y = random.Rows(Each, 2, _ => 0.1);
        EmbeddingRows reference = new(x, 2),
            current = new(y, 2);

        ShiftResult found = KernelTest.MeanDiscrepancy(reference, current, permutations: 99, seed: 8, bandwidth: 1);

        double[][] kernel = Kernel([.. x, .. y]);
        bool[] first = [.. Enumerable.Range(0, 2 * Each).Select(i => i < Each)];
        double seen = Discrepancy(kernel, first);
        int asMuch = 1;
        random = new(8);
        for (int b = 0; b < 99; b++)
        {
            float[] labels = [.. Enumerable.Range(0, 2 * Each).Select(i => i < Each ? 1f : 0f)];
            random.Shuffle(labels);
            asMuch += Discrepancy(kernel, [.. labels.Select(label => label == 1)]) >= seen ? 1 : 0;
        }
        Assert.Equal(seen, found.Statistic, Tolerance);
        Assert.Equal(asMuch / 100.0, found.P!.Value, 12);
    }

    [Fact]
    public void Tests_OfOneDistribution_RejectTheirRate()
    {
        double mmd = Rejected(2_000, (x, y, seed) => KernelTest.MeanDiscrepancy(new(x, 3), new(y, 3), 99, seed));
        double energy = Rejected(2_000, (x, y, seed) => KernelTest.EnergyDistance(new(x, 3), new(y, 3), 99, seed));

        output.WriteLine($"{mmd:P2}, {energy:P2}");
        Assert.InRange(mmd, 0.04, 0.06);
        Assert.InRange(energy, 0.04, 0.06);
        static double Rejected(int seeds, Func<float[], float[], int, ShiftResult> test) =>
            Draws.Rejected(seeds, (random, seed) =>
                test(random.Rows(20, 3, i => i * random.NextDouble()), random.Rows(15, 3, i => i * random.NextDouble()), seed).P
            );
    }

    /// <summary>A tenth of the dimensions turned into each other, as a changed model does; in nine of ten windows of 100 rows.</summary>
    [Fact]
    public void Tests_OfTurnedEmbeddings_FindThem()
    {
        double mmd = Draws.Rejected(40, (random, seed) =>
            KernelTest.MeanDiscrepancy(new(Plain(random), 20), new(Turned(random), 20), 99, seed).P
        );
        double energy = Draws.Rejected(40, (random, seed) =>
            KernelTest.EnergyDistance(new(Plain(random), 20), new(Turned(random), 20), 99, seed).P
        );

        output.WriteLine($"{mmd:P0}, {energy:P0}");
        Assert.InRange(mmd, 0.9, 1);
        Assert.InRange(energy, 0.9, 1);
        static float[] Plain(Random random) => random.Rows(100, 20, i => i == 0 ? 1.5 : 0);
        static float[] Turned(Random random) => random.Rows(100, 20, i => i == 1 ? 1.5 : 0);
    }

    /// <summary>Another spread with the same mean, which no linear classifier sees.</summary>
    [Fact]
    public void MeanDiscrepancy_OfAnotherSpread_FindsIt()
    {
        double found = Draws.Rejected(40, (random, seed) =>
        {
            float[] wider = [.. random.Rows(100, 10, _ => 0).Select(value => 1.3f * value)];
            return KernelTest.MeanDiscrepancy(new(random.Rows(100, 10, _ => 0), 10), new(wider, 10), 99, seed).P;
        });

        output.WriteLine($"{found:P0}");
        Assert.InRange(found, 0.9, 1);
    }

    [Fact]
    public void Tests_OfRowsFarFromTheOrigin_KeepTheirDigits()
    {
        Random random = new(3);
        float[] x = [.. random.Rows(60, 4, _ => 0).Select(value => MathF.Round(value * 128) / 128)],
            y = [.. random.Rows(60, 4, _ => 0).Select(value => MathF.Round(value * 128) / 128)];

        ShiftResult near = KernelTest.MeanDiscrepancy(new(x, 4), new(y, 4), 50, seed: 1);
        ShiftResult far = KernelTest.MeanDiscrepancy(
            new([.. x.Select(v => v + 4096)], 4),
            new([.. y.Select(v => v + 4096)], 4),
            50,
            seed: 1
        );

        Assert.Equal(near.Statistic, far.Statistic, 1e-5);
        Assert.Equal(near.P, far.P);
    }

    [Fact]
    public void Tests_OfFewOrEqualRows_SaySo()
    {
        float[] few = [1, 2, 3, 4],
            equal = [.. Enumerable.Repeat(1f, 40)];

        Assert.Equal(ShiftVerdict.NotEnoughData, KernelTest.MeanDiscrepancy(new(few, 2), new(equal, 2), 99, seed: 1).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotEnoughData, RandomFeatures.MeanDiscrepancy(new([], 2), new(equal, 2), 64, 99, seed: 1).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotShown, KernelTest.MeanDiscrepancy(new(equal, 2), new(equal, 2), 99, seed: 1).Judge(0.05));
        Assert.Equal(ShiftVerdict.NotShown, KernelTest.EnergyDistance(new(equal, 2), new(equal, 2), 99, seed: 1).Judge(0.05));
    }

    [Fact]
    public void Rows_Reject_OtherDimensionsAndWhatIsNoNumber()
    {
        Assert.Throws<ArgumentException>(() => KernelTest.EnergyDistance(new([1, 2, 3, 4], 2), new([1, 2, 3], 3), 99, seed: 1));
        Assert.Throws<ArgumentException>(() => new EmbeddingRows([1, 2, 3], 2).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            KernelTest.MeanDiscrepancy(new(new float[8], 2), new(new float[8], 2), 9, 1, double.NaN)
        );
        ArgumentException error = Assert.Throws<ArgumentException>(() => new EmbeddingRows([1, 2, 3, float.NaN], 2).Count);
        Assert.Contains("Number 1 of row 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EmbeddingRows([1, float.MinValue], 2).Count);
        Assert.Throws<ArgumentException>(() => KernelTest.EnergyDistance(new(new float[20_000], 1), new(new float[1], 1), 99, seed: 1));
    }

    private static double[][] Kernel(float[] values)
    {
        int count = values.Length / 2;
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    Enumerable
                        .Range(0, count)
                        .Select(j =>
                            Math.Exp(
                                -(
                                    Math.Pow(values[2 * i] - (double)values[2 * j], 2)
                                    + Math.Pow(values[(2 * i) + 1] - (double)values[(2 * j) + 1], 2)
                                ) / 2
                            )
                        )
                        .ToArray()
                ),
        ];
    }

    private static double Discrepancy(double[][] kernel, bool[] first)
    {
        double within = 0,
            other = 0,
            between = 0;
        for (int i = 0; i < kernel.Length; i++)
        {
            for (int j = 0; j < kernel.Length; j++)
            {
                within += i != j && first[i] && first[j] ? kernel[i][j] : 0;
                other += i != j && !first[i] && !first[j] ? kernel[i][j] : 0;
                between += first[i] && !first[j] ? kernel[i][j] : 0;
            }
        }
        double half = kernel.Length / 2.0;
        return ((within + other) / (half * (half - 1))) - (2 * between / (half * half));
    }
}
