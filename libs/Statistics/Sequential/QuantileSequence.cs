namespace Serverless.Statistics.Sequential;

/// <summary>
/// Confidence bounds of a quantile that hold at all times at once. The number of values up to the true p-quantile is a sum of
/// Bernoulli(p), so an edge below which too few lie, by the e-process of <see cref="RateTest"/>, lies below the quantile, and one
/// below which too many lie lies above it (Howard and Ramdas 2022, "Sequential estimation of quantiles", with a mixture for the bound).
/// </summary>
public static class QuantileSequence
{
    /// <summary>Above this the p-quantile lies, but for a probability of <paramref name="alpha"/>; 0 while nothing can be said.</summary>
    public static double LowerBound(LatencyHistogram values, double p, double alpha)
    {
        long total = values.Total,
            seen = 0;
        double bound = 0;
        foreach ((int bucket, long count) in values.Counts)
        {
            if (!IsBelow(seen, total, p, alpha))
            {
                break;
            }
            // Nothing lies between the filled bucket before and this one, so the evidence stands up to where this one begins.
            bound = LatencyHistogram.UpperEdge(bucket - 1);
            seen += count;
        }
        return bound;
    }

    /// <summary>
    /// Below this the p-quantile lies, but for a probability of <paramref name="alpha"/>; infinite while nothing can be said.
    /// </summary>
    public static double UpperBound(LatencyHistogram values, double p, double alpha)
    {
        long total = values.Total,
            seen = 0;
        foreach ((int bucket, long count) in values.Counts)
        {
            seen += count;
            if (RateTest.LogEvidence(new Rate(seen, total), p) >= Math.Log(1 / alpha))
            {
                return LatencyHistogram.UpperEdge(bucket);
            }
        }
        return double.PositiveInfinity;
    }

    /// <summary>Whether so few of all lie up to here that the quantile lies further up.</summary>
    private static bool IsBelow(long seen, long total, double p, double alpha) =>
        total > 0 && RateTest.LogEvidence(new Rate(total - seen, total), 1 - p) >= Math.Log(1 / alpha);
}
