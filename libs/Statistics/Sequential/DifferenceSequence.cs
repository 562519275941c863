namespace Serverless.Statistics.Sequential;

/// <summary>Bounds of what is not known exactly; infinite while nothing can be said.</summary>
public readonly record struct ConfidenceBounds(double Low, double High)
{
    public static ConfidenceBounds Unknown => new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Excludes(double value) => Low > value || High < value;
}

/// <summary>
/// Confidence intervals of the difference of two means that hold at all times at once, so that one may look after every request. The
/// mixture sequential probability ratio test for means with estimated variances (Johari, Koomen, Pekelis, Walsh 2017, "Peeking at A/B
/// tests", eq. 7; asymptotic as in Waudby-Smith et al. 2021), hence silent below <see cref="BurnIn"/> values an arm.
/// </summary>
public static class DifferenceSequence
{
    /// <summary>Values that each arm needs before a variance is trusted.</summary>
    public const int BurnIn = 100;

    /// <summary>
    /// Of the mean of <paramref name="b"/> less that of <paramref name="a"/>, where assignment never depended on outcomes.
    /// </summary>
    /// <param name="effect">The size of effect that the test is tuned to, in the metric's unit; it errs no more often for another, only
    /// later.</param>
    public static ConfidenceBounds Between(MeanTally a, MeanTally b, double effect, double alpha)
    {
        if (a.Count < BurnIn || b.Count < BurnIn)
        {
            return ConfidenceBounds.Unknown;
        }
        double radius = Radius((a.Variance / a.Count) + (b.Variance / b.Count), effect, alpha);
        return Around(b.Mean - a.Mean, radius);
    }

    /// <summary>
    /// The same where assignment followed the outcomes (Thompson sampling): then only each arm's own sequence stays valid, and the
    /// difference lies between the two.
    /// </summary>
    public static ConfidenceBounds BetweenAdaptive(MeanTally a, MeanTally b, double effect, double alpha)
    {
        if (a.Count < BurnIn || b.Count < BurnIn)
        {
            return ConfidenceBounds.Unknown;
        }
        double radius = Radius(a.Variance / a.Count, effect, alpha / 2) + Radius(b.Variance / b.Count, effect, alpha / 2);
        return Around(b.Mean - a.Mean, radius);
    }

    /// <param name="v">Variance of the estimate.</param>
    private static double Radius(double v, double effect, double alpha)
    {
        double tau2 = effect * effect;
        return v == 0 ? 0 : Math.Sqrt(v * (v + tau2) / tau2 * ((2 * Math.Log(1 / alpha)) + Math.Log((v + tau2) / v)));
    }

    private static ConfidenceBounds Around(double center, double radius) => new(center - radius, center + radius);
}
