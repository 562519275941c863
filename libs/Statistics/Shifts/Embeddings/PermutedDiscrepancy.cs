using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>Makes kernel values of squared distances, in place.</summary>
internal delegate void Kernel(Span<float> squaredDistances);

/// <summary>
/// Maximum mean discrepancy, the unbiased estimate of MMD² (Gretton et al. 2012, "A kernel two-sample test", eq. 3), with its permutation
/// test: mean kernel within the reference plus that within the current window, less twice that between them. The kernel matrix is gone
/// through once, in strips, for all permutations together; of each only the sum within one group is needed, since the row sums give the
/// rest. Beside the rows it takes 4·(permutations + 1) bytes a row. O(rows² · (dimension + permutations / 4)).
/// </summary>
/// <param name="P">The share of permutations, what was seen being one, that differ as much.</param>
internal readonly record struct PermutedDiscrepancy(double Value, double P, double MeanBetween)
{
    /// <summary>Rows that stay in the second-level cache, with their permuted labels.</summary>
    private const int Strip = 128;

    public static PermutedDiscrepancy Compute(PooledRows rows, Kernel kernel, int permutations, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        float[][] labels = Labels(rows, permutations, new Random(seed));
        double[] within = new double[labels.Length],
            rowSums = new double[rows.Count];
        Span<float> buffer = stackalloc float[Strip];
        for (int strip = 0; strip < rows.Count; strip += Strip)
        {
            int end = Math.Min(strip + Strip, rows.Count);
            for (int row = 0; row < end - 1; row++)
            {
                int first = Math.Max(strip, row + 1);
                Span<float> values = buffer[..(end - first)];
                rows.SquaredDistances(row, first, values);
                kernel(values);
                Add(values, row, first, labels, within, rowSums);
            }
        }
        return Judge(rows, labels, within, rowSums);
    }

    /// <summary>1 for rows of the reference; first as they are, then permuted.</summary>
    private static float[][] Labels(PooledRows rows, int permutations, Random random)
    {
        float[][] labels = new float[permutations + 1][];
        labels[0] = new float[rows.Count];
        labels[0].AsSpan(0, rows.ReferenceCount).Fill(1);
        for (int b = 1; b < labels.Length; b++)
        {
            labels[b] = [.. labels[0]];
            random.Shuffle(labels[b]);
        }
        return labels;
    }

    private static void Add(ReadOnlySpan<float> values, int row, int first, float[][] labels, double[] within, double[] rowSums)
    {
        rowSums[row] += TensorPrimitives.Sum(values);
        for (int k = 0; k < values.Length; k++)
        {
            rowSums[first + k] += values[k];
        }
        for (int b = 0; b < labels.Length; b++)
        {
            if (labels[b][row] != 0)
            {
                within[b] += TensorPrimitives.Dot(values, labels[b].AsSpan(first, values.Length));
            }
        }
    }

    private static PermutedDiscrepancy Judge(PooledRows rows, float[][] labels, double[] within, double[] rowSums)
    {
        (double m, double n) = (rows.ReferenceCount, rows.CurrentCount);
        double total = rowSums.Sum();
        (double Value, double Between) seen = At(0);
        // Sums of floats in another order are not equal to the last digit.
        double tolerance = 1e-7 * total / rows.Count / rows.Count;
        int asMuch = Enumerable.Range(0, labels.Length).Count(b => At(b).Value >= seen.Value - Math.Abs(tolerance));
        return new PermutedDiscrepancy(seen.Value, (double)asMuch / labels.Length, seen.Between);

        (double Value, double Between) At(int b)
        {
            double touching = 0;
            for (int i = 0; i < rowSums.Length; i++)
            {
                touching += labels[b][i] * rowSums[i];
            }
            double first = 2 * within[b],
                between = touching - first;
            double second = total - first - (2 * between);
            return ((first / (m * (m - 1))) + (second / (n * (n - 1))) - (2 * between / (m * n)), between / (m * n));
        }
    }
}
