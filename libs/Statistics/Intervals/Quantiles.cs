namespace Serverless.Statistics.Intervals;

public static class Quantiles
{
    /// <summary>Linear between the two nearest values (Hyndman and Fan 1996, type 7); NaN of none.</summary>
    /// <param name="sorted">In rising order.</param>
    public static double Of(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }
        double at = Math.Clamp(p, 0, 1) * (sorted.Length - 1);
        int low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }
}
