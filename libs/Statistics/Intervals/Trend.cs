namespace Serverless.Statistics.Intervals;

/// <summary>Whether values that follow each other rise.</summary>
/// <param name="Slope">The median of the slopes between all pairs, for each step (Sen 1968).</param>
/// <param name="P">
/// The chance of an order at least as rising as this where none is (Mann 1945, Kendall 1975; normal approximation, ties counted).
/// </param>
public readonly record struct Trend(double Slope, double P)
{
    public const int LeastValues = 8; // below, the normal approximation is poor

    /// <summary>NaN of fewer than <see cref="LeastValues"/>.</summary>
    public static Trend Of(ReadOnlySpan<double> values)
    {
        int n = values.Length;
        if (n < LeastValues)
        {
            return new Trend(double.NaN, double.NaN);
        }
        double[] slopes = new double[n * (n - 1) / 2];
        int s = 0,
            at = 0;
        for (int i = 0; i < n; i++)
        {
            for (int k = i + 1; k < n; k++)
            {
                s += Math.Sign(values[k] - values[i]);
                slopes[at++] = (values[k] - values[i]) / (k - i);
            }
        }
        Array.Sort(slopes);
        double ties = values.ToArray().GroupBy(value => value).Sum(group => Variance(group.Count()));
        double deviation = Math.Sqrt((Variance(n) - ties) / 18);
        double z = deviation == 0 ? 0 : (s - Math.Sign(s)) / deviation;
        return new Trend(Quantiles.Of(slopes, 0.5), 1 - Normal.Below(z));
    }

    private static double Variance(int n) => (double)n * (n - 1) * ((2 * n) + 5);
}
