namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// How often the largest distance between n values' shares and the distribution that they come from is d or more; equals
/// <c>scipy.stats.kstwo.sf</c>. Which method where: Simard and L'Ecuyer 2011, "Computing the two-sided Kolmogorov-Smirnov distribution".
/// </summary>
internal static class KolmogorovDistribution
{
    private const int MaxExact = 140;

    public static double Above(int n, double d)
    {
        double z2 = n * d * d;
        return n * d <= 0.5 ? 1
            : d >= 1 ? 0
            : d >= 0.5 || z2 > (n <= MaxExact ? 4 : 2.2) ? Math.Min(1, 2 * OneSided(n, d))
            : Math.Clamp(1 - (n <= MaxExact ? Exact(n, d) : Series(n, d)), 0, 1);
    }

    /// <summary>Birnbaum and Tingey 1951; all terms are positive.</summary>
    private static double OneSided(int n, double d)
    {
        double logChoose = 0,
            sum = 0;
        for (int j = 0; j <= n * (1 - d); j++)
        {
            double share = (double)j / n;
            double left = Math.Max(0, 1 - d - share);
            sum += left == 0 && j < n ? 0 : Math.Exp(logChoose + ((j - 1) * Math.Log(d + share)) + ((n - j) * Math.Log(left)));
            logChoose += Math.Log(n - j) - Math.Log(j + 1);
        }
        return d * sum;
    }

    /// <summary>
    /// P(D &lt; d) by Marsaglia, Tsang and Wang 2003, "Evaluating Kolmogorov's distribution", with a row instead of a power of the
    /// matrix.
    /// </summary>
    private static double Exact(int n, double d)
    {
        int k = (int)(n * d) + 1,
            size = (2 * k) - 1;
        double[,] step = Step(size, k - (n * d));
        double[] row = new double[size];
        row[k - 1] = 1;
        for (int i = 1; i <= n; i++)
        {
            double[] next = new double[size];
            for (int from = 0; from < size; from++)
            {
                for (int to = 0; to < size; to++)
                {
                    next[to] += row[from] * step[from, to] * i / n;
                }
            }
            row = next;
        }
        return row[k - 1];
    }

    private static double[,] Step(int size, double h)
    {
        double[,] step = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= Math.Min(i + 1, size - 1); j++)
            {
                step[i, j] = 1;
            }
        }
        for (int i = 0; i < size; i++)
        {
            step[i, 0] -= Math.Pow(h, i + 1);
            step[size - 1, i] -= Math.Pow(h, size - i);
        }
        step[size - 1, 0] += Math.Pow(Math.Max(0, (2 * h) - 1), size);
        for (int i = 0; i < size; i++)
        {
            double factorial = 1;
            for (int j = i; j >= 0; j--)
            {
                step[i, j] /= factorial *= i - j + 1;
            }
        }
        return step;
    }

    /// <summary>P(D &lt; d) by Pelz and Good 1976, as Simard and L'Ecuyer 2011 print it.</summary>
    private static double Series(int n, double d)
    {
        double z = Math.Sqrt(n) * d,
            z2 = z * z,
            z4 = z2 * z2,
            z6 = z2 * z4,
            z8 = z4 * z4;
        double pi2 = Math.PI * Math.PI,
            pi4 = pi2 * pi2,
            pi6 = pi2 * pi4;
        double k0 = 0,
            k1 = 0,
            k2 = 0,
            k3 = 0;
        for (int k = 0; k <= 20; k++)
        {
            double h = k + 0.5,
                h2 = h * h,
                h4 = h2 * h2;
            double weight = Math.Exp(-pi2 * h2 / (2 * z2));
            k0 += weight;
            k1 += ((pi2 * h2) - z2) * weight;
            k2 += ((6 * z6) + (2 * z4) + (pi2 * ((2 * z4) - (5 * z2)) * h2) + (pi4 * (1 - (2 * z2)) * h4)) * weight;
            k3 +=
                (
                    (pi6 * h2 * h4 * (5 - (30 * z2)))
                    + (pi4 * h4 * ((-60 * z2) + (212 * z4)))
                    + (pi2 * h2 * ((135 * z4) - (96 * z6)))
                    - (30 * z6)
                    - (90 * z8)
                ) * weight;
            double whole = Math.Exp(-pi2 * k * k / (2 * z2)) * k * k * pi2;
            k2 -= 2 * z4 * whole;
            k3 += 30 * z4 * ((3 * z2) - (pi2 * k * k)) * whole;
        }
        return Math.Sqrt(2 * Math.PI)
            * ((k0 / z) + (k1 / (6 * z4 * Math.Sqrt(n))) + (k2 / (72 * z4 * z2 * z * n)) + (k3 / (6480 * z8 * z2 * n * Math.Sqrt(n))));
    }
}
