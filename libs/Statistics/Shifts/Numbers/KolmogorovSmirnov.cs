namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// Two-sample Kolmogorov–Smirnov test: the largest distance between the shares of both samples that lie up to some number. Finds shifts
/// of location best. Statistic and effect are that distance, 0 to 1. Equals <c>scipy.stats.ks_2samp</c>: method "exact" while the
/// product of the sizes is at most <see cref="MaxExactCells"/>, "asymp" beyond. Ties make it err less often, never more. O(n log n).
/// </summary>
public static class KolmogorovSmirnov
{
    /// <summary>Some milliseconds.</summary>
    public const long MaxExactCells = 1_000_000;

    public static ShiftResult Test(SortedSample reference, SortedSample current)
    {
        if (!SortedSample.AreEnough(reference, current))
        {
            return ShiftResult.NotEnoughData;
        }
        long cells = (long)reference.Count * current.Count,
            distance = Distance(reference, current);
        double d = (double)distance / cells;
        double p =
            cells <= MaxExactCells ? ExactP(reference.Count, current.Count, distance) : AsymptoticP(reference.Count, current.Count, d);
        return new ShiftResult(d, p, d);
    }

    /// <summary>The largest distance times the product of the sizes, which is a whole number.</summary>
    internal static long Distance(SortedSample reference, SortedSample current)
    {
        long most = 0;
        TiedRuns runs = new(reference, current);
        while (runs.MoveNext())
        {
            most = Math.Max(most, Math.Abs(((long)runs.UpTo.First * current.Count) - ((long)runs.UpTo.Second * reference.Count)));
        }
        return most;
    }

    /// <summary>
    /// The share of all orders of m and n values that come so far apart. It is built up without a subtraction, so that small shares keep
    /// their digits (Viehmann 2021, "Numerically more stable computation of the p-values for the two-sample Kolmogorov-Smirnov test").
    /// </summary>
    internal static double ExactP(int m, int n, long distance)
    {
        if (distance == 0)
        {
            return 1;
        }
        // Cell j: of the orders of i and j values, those in which the two were already so far apart.
        double[] apart = new double[n + 1];
        for (int i = 0; i <= m; i++)
        {
            for (int j = 0; j <= n; j++)
            {
                apart[j] =
                    Math.Abs(((long)i * n) - ((long)j * m)) >= distance ? 1
                    : i + j == 0 ? 0
                    : ((i * apart[j]) + (j == 0 ? 0 : j * apart[j - 1])) / (i + j);
            }
        }
        return apart[n];
    }

    /// <summary>As one sample of m·n / (m + n) values against a known distribution.</summary>
    internal static double AsymptoticP(int m, int n, double d) =>
        KolmogorovDistribution.Above((int)Math.Round((double)m * n / ((double)m + n)), d);
}
