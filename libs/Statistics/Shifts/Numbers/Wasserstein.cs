using Serverless.Statistics.Intervals;
using Serverless.Statistics.Sequential;

namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// How far the values of one sample must be moved, on average, to become those of the other; a size of shift for reports, without a
/// p-value. NaN where a sample is empty.
/// </summary>
public static class Wasserstein
{
    /// <summary>In the values' unit; equals <c>scipy.stats.wasserstein_distance</c>.</summary>
    public static double Distance(SortedSample reference, SortedSample current)
    {
        if (reference.Count == 0 || current.Count == 0)
        {
            return double.NaN;
        }
        double sum = 0,
            before = 0,
            gap = 0;
        TiedRuns runs = new(reference, current);
        while (runs.MoveNext())
        {
            sum += gap == 0 ? 0 : gap * (runs.Value - before);
            before = runs.Value;
            gap = Math.Abs(((double)runs.UpTo.First / reference.Count) - ((double)runs.UpTo.Second / current.Count));
        }
        return sum;
    }

    /// <summary>In standard deviations of the reference; infinite where that has none and the samples differ.</summary>
    public static double InDeviations(SortedSample reference, SortedSample current)
    {
        MeanTally tally = default;
        foreach (double value in reference.Values)
        {
            tally = tally.Add(value);
        }
        return Over(Distance(reference, current), Math.Sqrt(tally.Variance));
    }

    /// <summary>
    /// In interquartile ranges of the reference, which outliers do not widen; infinite where that has none and the samples differ.
    /// </summary>
    public static double InInterquartileRanges(SortedSample reference, SortedSample current) =>
        Over(Distance(reference, current), Quantiles.Of(reference.Values, 0.75) - Quantiles.Of(reference.Values, 0.25));

    private static double Over(double distance, double scale) => distance == 0 ? 0 : distance / scale;
}
