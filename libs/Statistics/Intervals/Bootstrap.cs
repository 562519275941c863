namespace Serverless.Statistics.Intervals;

/// <summary>
/// Confidence intervals by resampling the items: bias-corrected and accelerated (BCa; Efron 1987). The same seed gives the same
/// interval. Where every resample has one value, as when all items are answered alike, the interval is that value: it speaks of
/// these items and cannot know of others.
/// </summary>
/// <param name="replicates">Resamples; 2,000 hold the ends of a 95 % interval to about a twentieth of its width.</param>
public sealed class Bootstrap(int replicates, int seed)
{
    /// <summary>
    /// Above this many items the acceleration comes from leaving out groups instead of single items, as their number squared would take
    /// long.
    /// </summary>
    private const int MaxJackknifeGroups = 400;

    public Interval Estimate(Metric metric, double confidence)
    {
        if (metric.Items == 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }
        double value = metric.Evaluate();
        double[] values = Resample(metric);
        if (double.IsNaN(value) || values.Length == 0)
        {
            return new(value, double.NaN, double.NaN);
        }
        if (values[0] == values[^1])
        {
            return new(value, values[0], values[^1]);
        }

        double z0 = Normal.Quantile(ShareBelow(values, value));
        double tail = Normal.Quantile((1 - confidence) / 2);
        // All resamples on one side of the estimate: nothing to correct with.
        if (double.IsInfinity(z0))
        {
            return new(value, Quantile(values, (1 - confidence) / 2), Quantile(values, (1 + confidence) / 2));
        }
        double acceleration = Acceleration(metric);
        double At(double z) => Quantile(values, Normal.Below(z0 + ((z0 + z) / (1 - (acceleration * (z0 + z))))));
        return new(value, At(tail), At(-tail));
    }

    /// <summary>The metric's values over resamples, in order; those in which it is not known are left out.</summary>
    private double[] Resample(Metric metric)
    {
        Random random = new(seed);
        int[] weights = new int[metric.Items];
        List<double> values = new(replicates);
        for (int r = 0; r < replicates; r++)
        {
            Array.Clear(weights);
            for (int i = 0; i < weights.Length; i++)
            {
                weights[random.Next(weights.Length)]++;
            }
            double value = metric.Evaluate(weights);
            if (!double.IsNaN(value))
            {
                values.Add(value);
            }
        }
        values.Sort();
        return [.. values];
    }

    /// <summary>A sixth of the skewness of the metric with each part of the items left out.</summary>
    private static double Acceleration(Metric metric)
    {
        int groups = Math.Min(metric.Items, MaxJackknifeGroups);
        int[] weights = new int[metric.Items];
        double[] left = new double[groups];
        for (int g = 0; g < groups; g++)
        {
            Array.Fill(weights, 1);
            for (int i = g; i < weights.Length; i += groups)
            {
                weights[i] = 0;
            }
            left[g] = metric.Evaluate(weights);
        }
        double mean = left.Average();
        double squares = left.Sum(v => Math.Pow(mean - v, 2)),
            cubes = left.Sum(v => Math.Pow(mean - v, 3));
        double acceleration = cubes / (6 * Math.Pow(squares, 1.5));
        return double.IsFinite(acceleration) ? acceleration : 0;
    }

    /// <summary>Values equal to the estimate count half, since metrics of few items take few values.</summary>
    private static double ShareBelow(double[] sorted, double value)
    {
        int below = 0,
            equal = 0;
        foreach (double v in sorted)
        {
            if (v < value - 1e-12)
            {
                below++;
            }
            else if (v <= value + 1e-12)
            {
                equal++;
            }
        }
        return (below + (0.5 * equal)) / sorted.Length;
    }

    private static double Quantile(double[] sorted, double p) => Quantiles.Of(sorted, p);
}
