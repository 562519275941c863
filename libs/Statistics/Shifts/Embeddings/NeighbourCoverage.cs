using Serverless.Statistics.Sequential;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// How many rows of the current window have a near neighbour in the reference: finds a slice of inputs that the reference does not hold.
/// A random half of the reference are the neighbours; the distances from its other half say what is near. Those and the current rows'
/// distances are then draws of one distribution where nothing shifted, so that the number of current rows farther than the q-quantile has
/// a beta-binomial distribution whatever the data (Gumbel and von Schelling 1950, "The distribution of the number of exceedances"). The
/// statistic is the share of current rows that are near; the effect is how much less than q that is, at least 0. The same seed gives the
/// same result. O(rows · reference rows · dimension); takes 4 bytes a number of the rows beside them.
/// </summary>
public static class NeighbourCoverage
{
    /// <param name="q">The share of the reference's own rows that are near; 0.95 is usual. There is not enough data where no row of half
    /// the reference lies beyond it.</param>
    public static ShiftResult Test(EmbeddingRows reference, EmbeddingRows current, double q, int seed)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        if (q is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "The quantile is expected between 0 and 1.");
        }
        int half = reference.Count / 2,
            own = reference.Count - half;
        int beyond = (int)Math.Floor((1 - q) * (own + 1)); // the threshold's place among the own distances, from above
        if (beyond < 1 || half < KernelTest.MinRows || current.Count < KernelTest.MinRows)
        {
            return ShiftResult.NotEnoughData;
        }
        int[] order = [.. Enumerable.Range(0, reference.Count)];
        new Random(seed).Shuffle(order);
        PooledRows rows = new(reference, current);
        float[] ownDistances = [.. order[half..].Select(row => Nearest(rows, row, order.AsSpan(0, half)))];
        Array.Sort(ownDistances);
        float threshold = ownDistances[own - beyond];
        int far = Enumerable.Range(reference.Count, current.Count).Count(row => Nearest(rows, row, order.AsSpan(0, half)) > threshold);
        double share = 1 - ((double)far / current.Count);
        return new ShiftResult(share, Exceedances(far, current.Count, beyond, own), Math.Max(0, q - share));
    }

    /// <summary>Squared.</summary>
    private static float Nearest(PooledRows rows, int row, ReadOnlySpan<int> neighbours)
    {
        float least = float.PositiveInfinity;
        foreach (int neighbour in neighbours)
        {
            least = Math.Min(least, rows.SquaredDistance(row, neighbour));
        }
        return least;
    }

    /// <summary>How often so many or more of n draws lie above the r-th largest of m draws.</summary>
    private static double Exceedances(int far, int n, int r, int m)
    {
        double sum = 0;
        for (int k = far; k <= n; k++)
        {
            sum += Math.Exp(LogChoose(n, k) + LogBeta(k + r, n - k + m - r + 1) - LogBeta(r, m - r + 1));
        }
        return Math.Min(1, sum);
    }

    private static double LogChoose(int n, int k) => -LogBeta(k + 1, n - k + 1) - Math.Log(n + 1);

    private static double LogBeta(double a, double b) => Likelihood.LogGamma(a) + Likelihood.LogGamma(b) - Likelihood.LogGamma(a + b);
}
