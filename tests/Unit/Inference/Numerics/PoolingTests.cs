using Serverless.Inference.Numerics;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Numerics;

public sealed class PoolingTests
{
    private const int Width = 37,
        Count = 23;

    /// <summary>The plain definitions, over the values of one dimension.</summary>
    private static double Reference(PoolingMode mode, double[] column) =>
        mode switch
        {
            PoolingMode.Cls => column[0],
            PoolingMode.Last => column[^1],
            PoolingMode.Max => column.Max(),
            PoolingMode.Mean => column.Sum() / column.Length,
            PoolingMode.MeanSqrtLength => column.Sum() / Math.Sqrt(column.Length),
            _ => column.Select((v, i) => v * (i + 1)).Sum() / (column.Length * (column.Length + 1) / 2.0),
        };

    [Theory]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.Last)]
    [InlineData(PoolingMode.Max)]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.MeanSqrtLength)]
    [InlineData(PoolingMode.WeightedMean)]
    internal void Pool_Matches_ScalarReference_On_RandomRows(PoolingMode mode)
    {
        var random = new Random(11);
        float[] rows = [.. Enumerable.Range(0, Width * Count).Select(_ => random.NextSingle() - 0.5f)];
        float[] vector = new float[Width];

        Pooling.Pool(mode, rows, vector);

        float[] expected =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(d => (float)Reference(mode, [.. Enumerable.Range(0, Count).Select(i => (double)rows[(i * Width) + d])])),
        ];
        TestModels.AssertClose([expected], [vector], 1e-6f);
    }

    [Fact]
    public void Average_Matches_ScalarReference_On_RandomPlanes()
    {
        var random = new Random(12);
        float[] planes = [.. Enumerable.Range(0, 5 * 49).Select(_ => random.NextSingle())];
        float[] channels = new float[5];

        Pooling.Average(planes, channels);

        TestModels.AssertClose(
            [
                [.. planes.Chunk(49).Select(p => (float)p.Average(v => (double)v))],
            ],
            [channels],
            1e-6f
        );
    }
}
