namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// Two-sample Cramér–von Mises test: the squared distance of both samples' shares over all numbers, so that it also finds what differs
/// a little everywhere. Statistic T of Anderson 1962; the effect is the root of the mean squared distance, 0 to 0.58. Equals
/// <c>scipy.stats.cramervonmises_2samp</c>: method "exact" while both samples have at most <see cref="MaxExact"/> values, "asymptotic"
/// beyond. Equal values of the samples are taken in turn, as evenly as their numbers allow, which makes the test err less often; with
/// their mean rank, as SciPy has it, windows of 300 and 240 that are yes or no would differ always. O(n log n).
/// </summary>
public static class CramerVonMises
{
    public const int MaxExact = 12;

    public static ShiftResult Test(SortedSample reference, SortedSample current)
    {
        if (!SortedSample.AreEnough(reference, current))
        {
            return ShiftResult.NotEnoughData;
        }
        (int m, int n) = (reference.Count, current.Count);
        double u = RankDistance(reference, current);
        double t = Statistic(u, m, n);
        double p = Math.Max(m, n) <= MaxExact ? ExactP(u, m, n) : AsymptoticP(t, m, n);
        return new ShiftResult(t, p, Math.Sqrt(Math.Max(0, t) * ((1.0 / m) + (1.0 / n))));
    }

    internal static double Statistic(double u, double m, double n) => (u / (m * n * (m + n))) - (((4 * m * n) - 1) / (6 * (m + n)));

    /// <summary>Anderson's U, from how many values of the other sample lie below each.</summary>
    internal static double RankDistance(SortedSample reference, SortedSample current)
    {
        double first = 0,
            second = 0;
        TiedRuns runs = new(reference, current);
        while (runs.MoveNext())
        {
            (int a, int b) = (runs.UpTo.First - runs.Below.First, runs.UpTo.Second - runs.Below.Second);
            first += SumOfSquares(runs.Below.Second, a, b);
            second += SumOfSquares(runs.Below.First, b, a);
        }
        return (reference.Count * first) + (current.Count * second);
    }

    /// <summary>Of how many others lie below each of some equal values, those that are equal too lying evenly between them.</summary>
    private static double SumOfSquares(double below, long values, long others)
    {
        double sum = 0;
        for (long i = 1; i <= values; i++)
        {
            // Value i is at (2i - 1) / 2·values of the way, other j at (2j - 1) / 2·others; one at the same place counts half.
            long place = ((2 * i) - 1) * others;
            double passed =
                others == 0 ? 0 : ((((place - 1) / values) + 1) / 2) + (place % values == 0 && place / values % 2 == 1 ? 0.5 : 0);
            sum += (below + passed) * (below + passed);
        }
        return sum;
    }

    /// <summary>
    /// The share of all orders of m and n values with so large a U (Xiao, Gordon and Yakovlev 2006, "A C++ program for the Cramér-von
    /// Mises two-sample test").
    /// </summary>
    internal static double ExactP(double u, int m, int n)
    {
        long common = (long)m * n / (long)System.Numerics.BigInteger.GreatestCommonDivisor(m, n),
            product = (long)m * n;
        long fourU = (long)Math.Round(4 * u); // mean ranks are halves
        double least = Math.Floor(
            (double)(common * common * (m + n)) * ((6 * fourU) - (4 * product * ((4 * product) - 1))) / (24.0 * product * product)
        );
        // Cell j: how often each sum of squared distances comes among the orders of i and j values.
        var cells = new Dictionary<long, double>[n + 1];
        for (int i = 0; i <= m; i++)
        {
            for (int j = 0; j <= n; j++)
            {
                long distance = (common / m * i) - (common / n * j);
                Dictionary<long, double> sums = i + j == 0 ? new() { [0] = 1 } : [];
                Add(sums, i == 0 ? null : cells[j], distance * distance, (double)i / (i + j));
                Add(sums, j == 0 ? null : cells[j - 1], distance * distance, (double)j / (i + j));
                cells[j] = sums;
            }
        }
        return Math.Min(1, cells[n].Where(sum => sum.Key >= least).Sum(sum => sum.Value));
    }

    private static void Add(Dictionary<long, double> sums, Dictionary<long, double>? others, long more, double weight)
    {
        foreach ((long sum, double share) in others ?? [])
        {
            sums[sum + more] = sums.GetValueOrDefault(sum + more) + (weight * share);
        }
    }

    /// <summary>With T brought to the mean and variance that it has in the limit (Anderson 1962, eq. 11, 14 and 15).</summary>
    internal static double AsymptoticP(double t, double m, double n)
    {
        double product = m * n,
            total = m + n;
        double mean = (1 + (1 / total)) / 6;
        double variance =
            (total + 1) * ((4 * product * total) - (3 * ((m * m) + (n * n))) - (2 * product)) / (45 * total * total * 4 * product);
        return Above((1.0 / 6) + ((t - mean) / Math.Sqrt(45 * variance)));
    }

    /// <summary>
    /// How often the sum of squared normal values over (πj)², j from 1, exceeds x: Smirnov's 1936 integral of exp(-xt²/2) / √(t·|sin t|)
    /// over (2k - 1)π to 2kπ, with changing signs, each by Gauss–Chebyshev quadrature, which takes the poles at both ends. It keeps the
    /// digits of small shares, which 1 less the usual series of Bessel functions does not.
    /// </summary>
    private static double Above(double x)
    {
        const int Nodes = 32;
        if (x < 0.003)
        {
            return 1;
        }
        double sum = 0;
        for (int k = 1; ; k++)
        {
            double term = 0;
            for (int i = 0; i < Nodes; i++)
            {
                double at = Math.Cos(Math.PI * (i + 0.5) / Nodes);
                double t = Math.PI * ((2 * k) - 0.5 + (at / 2));
                double ends = Math.PI / 2 * Math.Sqrt(1 - (at * at));
                term += Math.Exp(-x * t * t / 2) * ends / Math.Sqrt(t * Math.Abs(Math.Sin(t)));
            }
            sum += (k % 2 == 1 ? 2 : -2) * term / Nodes;
            if (term <= 1e-17 * Math.Abs(sum) || term < 1e-300)
            {
                return Math.Clamp(sum, 0, 1);
            }
        }
    }
}
