namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>The width σ of the kernel exp(-|x - y|² / 2σ²).</summary>
public static class Bandwidth
{
    /// <summary>256 rows have 32,640 distances, which are sorted in some milliseconds.</summary>
    private const int MaxRows = 256;

    /// <summary>
    /// The median distance between rows of both windows together (Gretton et al. 2012, section 8), of at most 256 rows picked by the seed
    /// and not by what they hold, which leaves permutation tests exact. Where more than half of the distances are 0 their mean; 0 where all
    /// rows are equal.
    /// </summary>
    public static double MedianDistance(EmbeddingRows reference, EmbeddingRows current, int seed)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        PooledRows picked = Pick(reference, current, seed);
        float[] squares = new float[picked.Count * (picked.Count - 1) / 2];
        for (int i = 0, at = 0; i < picked.Count - 1; at += picked.Count - 1 - i, i++)
        {
            picked.SquaredDistances(i, i + 1, squares.AsSpan(at, picked.Count - 1 - i));
        }
        if (squares.Length == 0)
        {
            return 0;
        }
        Array.Sort(squares);
        double median = (Math.Sqrt(squares[(squares.Length - 1) / 2]) + Math.Sqrt(squares[squares.Length / 2])) / 2;
        return median > 0 ? median : squares.Average(square => Math.Sqrt(square));
    }

    internal static void RefuseUnlessPositive(double? bandwidth)
    {
        if (bandwidth is not (null or (> 0 and < double.PositiveInfinity)))
        {
            throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "A bandwidth is expected to be finite and above 0.");
        }
    }

    private static PooledRows Pick(EmbeddingRows reference, EmbeddingRows current, int seed)
    {
        int count = reference.Count + current.Count;
        int[] order = [.. Enumerable.Range(0, count)];
        if (count > MaxRows)
        {
            new Random(seed).Shuffle(order);
            order = order[..MaxRows];
        }
        float[] values = new float[order.Length * reference.Dimension];
        for (int i = 0; i < order.Length; i++)
        {
            ReadOnlySpan<float> row = order[i] < reference.Count ? reference[order[i]] : current[order[i] - reference.Count];
            row.CopyTo(values.AsSpan(i * reference.Dimension));
        }
        return new PooledRows(new EmbeddingRows(values, reference.Dimension), new EmbeddingRows([], reference.Dimension));
    }
}
