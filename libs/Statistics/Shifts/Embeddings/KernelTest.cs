using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// Permutation tests whether the rows of two windows are draws of one distribution: exact at every size and under every distribution. The
/// same seed gives the same result. There is not enough data below <see cref="MinRows"/> rows of either window. What it takes of memory
/// and time: <see cref="PermutedDiscrepancy"/>; for more rows take <see cref="RandomFeatures"/>.
/// </summary>
public static class KernelTest
{
    /// <summary>As of numbers: of 3 and 3 rows no p-value is below 10 %.</summary>
    public const int MinRows = Numbers.SortedSample.MinValues;

    /// <summary>Of both windows together; the time grows with its square.</summary>
    public const int MaxRows = 20_000;

    /// <summary>
    /// By the Gaussian kernel. The statistic is the unbiased estimate of MMD², which may be below 0; the effect is its root, 0 to 1.4
    /// (Gretton et al. 2012, eq. 3).
    /// </summary>
    /// <param name="permutations">200 hold a p-value of 5 % to 1.5 %; the smallest p-value is 1 / (permutations + 1).</param>
    /// <param name="bandwidth">By default the <see cref="Bandwidth.MedianDistance"/>; a fixed one makes the effects of many looks
    /// comparable.</param>
    public static ShiftResult MeanDiscrepancy(
        EmbeddingRows reference,
        EmbeddingRows current,
        int permutations,
        int seed,
        double? bandwidth = null
    )
    {
        if (!AreEnough(reference, current))
        {
            return ShiftResult.NotEnoughData;
        }
        Bandwidth.RefuseUnlessPositive(bandwidth);
        double sigma = bandwidth ?? Bandwidth.MedianDistance(reference, current, ~seed);
        if (sigma == 0)
        {
            return ShiftResult.NoDifference;
        }
        float scale = (float)(-0.5 / (sigma * sigma));
        PermutedDiscrepancy found = PermutedDiscrepancy.Compute(
            new PooledRows(reference, current),
            values =>
            {
                TensorPrimitives.Multiply(values, scale, values);
                TensorPrimitives.Exp(values, values);
            },
            permutations,
            seed
        );
        return new ShiftResult(found.Value, found.P, Math.Sqrt(Math.Max(0, found.Value)));
    }

    /// <summary>
    /// By distances as they are, without a bandwidth. The statistic is the unbiased estimate of 2E|X - Y| - E|X - X'| - E|Y - Y'|, in the
    /// rows' unit; the effect is its part of 2E|X - Y|, 0 to 1 (Székely and Rizzo 2013, "Energy statistics").
    /// </summary>
    public static ShiftResult EnergyDistance(EmbeddingRows reference, EmbeddingRows current, int permutations, int seed)
    {
        if (!AreEnough(reference, current))
        {
            return ShiftResult.NotEnoughData;
        }
        PermutedDiscrepancy found = PermutedDiscrepancy.Compute(
            new PooledRows(reference, current),
            values =>
            {
                TensorPrimitives.Sqrt(values, values);
                TensorPrimitives.Negate(values, values);
            },
            permutations,
            seed
        );
        double between = -2 * found.MeanBetween;
        return between == 0 ? ShiftResult.NoDifference : new ShiftResult(found.Value, found.P, Math.Max(0, found.Value) / between);
    }

    private static bool AreEnough(EmbeddingRows reference, EmbeddingRows current)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        if (reference.Count + (long)current.Count > MaxRows)
        {
            throw new ArgumentException(
                $"The windows have {reference.Count} and {current.Count} rows, expected at most {MaxRows} together; take random features.",
                nameof(current)
            );
        }
        return reference.Count >= MinRows && current.Count >= MinRows;
    }
}
