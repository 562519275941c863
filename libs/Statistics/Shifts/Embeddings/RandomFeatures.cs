using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// The test of <see cref="KernelTest.MeanDiscrepancy"/> for large windows, linear in rows: each row becomes cosines and sines of random
/// projections, whose dot products are the Gaussian kernel on average (Rahimi and Recht 2007, "Random features for large-scale kernel
/// machines"). Rows are summed up in blocks of one size, and blocks are permuted, which is exact too, since blocks of equal draws are equal
/// draws. Of the rows beyond whole blocks, and beyond ten times the smaller window, an even choice is left out. Memory: at most 2,750
/// blocks of 8 bytes a frequency, and 4 bytes a permutation.
/// </summary>
public static class RandomFeatures
{
    private const int MaxBlocks = 250;
    private const int MaxRatio = 10;

    /// <param name="frequencies">256 hold a kernel value to 0.04.</param>
    public static ShiftResult MeanDiscrepancy(
        EmbeddingRows reference,
        EmbeddingRows current,
        int frequencies,
        int permutations,
        int seed,
        double? bandwidth = null
    )
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequencies, 1);
        Bandwidth.RefuseUnlessPositive(bandwidth);
        int smaller = Math.Min(reference.Count, current.Count);
        if (smaller < KernelTest.MinRows)
        {
            return ShiftResult.NotEnoughData;
        }
        double sigma = bandwidth ?? Bandwidth.MedianDistance(reference, current, ~seed);
        if (sigma == 0)
        {
            return ShiftResult.NoDifference;
        }
        float[] projections = Projections(frequencies * reference.Dimension, sigma, new Random(seed));
        int size = (smaller + MaxBlocks - 1) / MaxBlocks,
            most = smaller / size * MaxRatio;
        float[] a = Blocks(reference, size, Math.Min(reference.Count / size, most), projections, frequencies);
        float[] b = Blocks(current, size, Math.Min(current.Count / size, most), projections, frequencies);
        // Half the negative squared distance gives the same discrepancy as the dot product, since the squares of the rows cancel.
        PermutedDiscrepancy found = PermutedDiscrepancy.Compute(
            new PooledRows(new EmbeddingRows(a, 2 * frequencies), new EmbeddingRows(b, 2 * frequencies)),
            values => TensorPrimitives.Multiply(values, -0.5f, values),
            permutations,
            seed
        );
        return new ShiftResult(found.Value, found.P, Math.Sqrt(Math.Max(0, found.Value)));
    }

    /// <summary>Normal values of the deviation 1 / σ (Box and Muller 1958).</summary>
    private static float[] Projections(int count, double sigma, Random random)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()) / sigma);
        }
        return values;
    }

    /// <summary>The mean features of blocks of rows.</summary>
    private static float[] Blocks(EmbeddingRows rows, int size, int count, ReadOnlySpan<float> projections, int frequencies)
    {
        float[] blocks = new float[count * 2 * frequencies],
            angles = new float[frequencies],
            values = new float[frequencies];
        float scale = (float)(1 / (size * Math.Sqrt(frequencies)));
        for (int i = 0; i < count * size; i++)
        {
            ReadOnlySpan<float> row = rows[(int)((long)i * rows.Count / (count * size))];
            for (int k = 0; k < frequencies; k++)
            {
                angles[k] = TensorPrimitives.Dot(row, projections.Slice(k * row.Length, row.Length));
            }
            Span<float> block = blocks.AsSpan(i / size * 2 * frequencies, 2 * frequencies);
            TensorPrimitives.Cos(angles, values);
            TensorPrimitives.MultiplyAdd(values, scale, block[..frequencies], block[..frequencies]);
            TensorPrimitives.Sin(angles, values);
            TensorPrimitives.MultiplyAdd(values, scale, block[frequencies..], block[frequencies..]);
        }
        return blocks;
    }
}
