using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts.Embeddings;

public sealed class WitnessTestTests
{
    private const int Dimension = 4;

    /// <summary>The exact test of 30 and 30 values errs in 3.5 % at nominal 5 %, since its statistic is discrete.</summary>
    [Fact]
    public void Test_Null_RejectsAtMostTheLevel()
    {
        double rejected = Draws.Rejected(600, (random, seed) => Test(random, 60, 60, seed, _ => 0, rotated: false).P);

        Assert.InRange(rejected, 0.01, 0.06);
    }

    /// <summary>The two axes of most and least spread change places: mean and norm stay.</summary>
    [Fact]
    public void Test_RotatedVectors_AreFoundOf400Rows()
    {
        ShiftResult result = Test(new Random(1), 400, 400, 1, _ => 0, rotated: true);

        Assert.True(result.P < 1e-6, $"p {result.P}");
        Assert.True(result.Effect > 0.2, $"effect {result.Effect}");
    }

    [Fact]
    public void Test_MovedMean_NamesTheRowsThatMoved()
    {
        Random random = new(2);
        float[] reference = random.Rows(200, Dimension, _ => 0);
        float[] current = random.Rows(200, Dimension, _ => 0);
        for (int i = 0; i < current.Length / 4; i++)
        {
            current[i] += 6; // the first 50 rows
        }

        WitnessResult found = WitnessTest.Test(new EmbeddingRows(reference, Dimension), new EmbeddingRows(current, Dimension), seed: 1);

        Assert.True(found.Result.P < 0.02); // a quarter of 100 rows
        Assert.All(found.MostShifted.Take(10), row => Assert.InRange(row, 0, 49));
    }

    [Fact]
    public void Test_FewRows_SayNotEnough_AndEqualRowsNoDifference()
    {
        float[] few = new Random(3).Rows(WitnessTest.MinRows - 1, Dimension, _ => 0);
        float[] equal = [.. Enumerable.Repeat(1f, 100)];

        Assert.Null(WitnessTest.Test(new EmbeddingRows(few, Dimension), new EmbeddingRows(equal, Dimension), seed: 1).Result.P);
        Assert.Equal(1, WitnessTest.Test(new EmbeddingRows(equal, Dimension), new EmbeddingRows(equal, Dimension), seed: 1).Result.P);
    }

    private static ShiftResult Test(Random random, int reference, int current, int seed, Func<int, double> mean, bool rotated)
    {
        float[] first = Spread(random.Rows(reference, Dimension, _ => 0), 0);
        float[] second = Spread(random.Rows(current, Dimension, mean), rotated ? Dimension - 1 : 0);
        return WitnessTest.Test(new EmbeddingRows(first, Dimension), new EmbeddingRows(second, Dimension), seed).Result;
    }

    /// <summary>One axis three times as wide as the others.</summary>
    private static float[] Spread(float[] rows, int axis)
    {
        for (int i = axis; i < rows.Length; i += Dimension)
        {
            rows[i] *= 3;
        }
        return rows;
    }
}
