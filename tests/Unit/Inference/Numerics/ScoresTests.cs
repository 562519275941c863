using Serverless.Inference.Numerics;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Numerics;

public sealed class ScoresTests
{
    private static float[] Random(int count, float scale)
    {
        var random = new Random(13);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * scale)];
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_000, 10)]
    [InlineData(100, 1_000)] // exp would overflow without subtracting the largest
    public void Softmax_Matches_ScalarReference_On_RandomValues(int count, float scale)
    {
        float[] values = Random(count, scale),
            scores = new float[count];

        Scores.Apply(OutputFunction.Softmax, values, scores);

        double sum = values.Sum(v => Math.Exp(v - (double)values.Max()));
        TestModels.AssertClose(
            [
                [.. values.Select(v => (float)(Math.Exp(v - (double)values.Max()) / sum))],
            ],
            [scores],
            1e-6f
        );
    }

    [Fact]
    public void Sigmoid_Matches_ScalarReference_On_RandomValues()
    {
        float[] values = Random(101, 40),
            scores = new float[101];

        Scores.Apply(OutputFunction.Sigmoid, values, scores);

        TestModels.AssertClose(
            [
                [.. values.Select(v => (float)(1 / (1 + Math.Exp(-(double)v))))],
            ],
            [scores],
            1e-6f
        );
    }

    [Fact]
    public void TryNormalise_Matches_ScalarReference_On_RandomValues()
    {
        float[] values = Random(384, 3),
            vector = [.. values];

        Assert.True(Scores.TryNormalise(vector));

        double length = Math.Sqrt(values.Sum(v => (double)v * v));
        TestModels.AssertClose(
            [
                [.. values.Select(v => (float)(v / length))],
            ],
            [vector],
            1e-6f
        );
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryNormalise_OfWhatIsNoNumber_Refuses(float value) => Assert.False(Scores.TryNormalise([1, value, 2]));

    [Fact]
    public void TryNormalise_OfZero_StaysZero()
    {
        float[] vector = new float[5];

        Assert.True(Scores.TryNormalise(vector));
        Assert.All(vector, v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void Top_Matches_StableSort_On_ValuesWithTies(int top)
    {
        var random = new Random(14);
        float[] scores = [.. Enumerable.Range(0, 200).Select(_ => random.Next(30) / 30f)];
        int[] best = new int[top];

        Scores.Top(scores, best);

        Assert.Equal(Enumerable.Range(0, 200).OrderByDescending(i => scores[i]).Take(top), best);
    }
}
