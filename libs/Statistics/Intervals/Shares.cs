namespace Serverless.Statistics.Intervals;

public static class Shares
{
    /// <summary>A share of n and its bounds (Wilson 1927), which hold for few items too; NaN of none.</summary>
    public static Interval Wilson(long count, long n, double confidence)
    {
        if (n == 0)
        {
            return new Interval(double.NaN, double.NaN, double.NaN);
        }
        double p = (double)count / n,
            z = Normal.Quantile((1 + confidence) / 2),
            z2 = z * z;
        double middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n)));
        return new Interval(p, Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
