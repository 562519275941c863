namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// How long runs take, by experience: a fixed part and one for each unit of cost, fitted by least squares to the runs so far, of which the
/// last hundred count most. From it follows how large a batch should be: where a model runs two items in just the time of both, as
/// on a few processor cores, a batch saves nothing and only makes its first items wait for its last. Guarded by its owner's lock.
/// </summary>
internal sealed class RunCosts
{
    /// <summary>Weight of a run beside the one after it.</summary>
    private const double Memory = 0.99;

    /// <summary>
    /// Costs must differ by so much, as standard deviation beside their mean: below, what disturbs a run tips the line more than its cost.
    /// </summary>
    private const double LeastSpread = 0.25;

    /// <summary>
    /// A batch is large enough when its fixed part is but this share of the rest: a larger one could save no more than that.
    /// </summary>
    private const double FixedShare = 0.02;

    private double _weight,
        _costs,
        _seconds,
        _squares,
        _products; // sums over runs

    /// <summary>False until the first run has ended.</summary>
    public bool IsKnown => _weight > 0;

    public void Learn(long cost, TimeSpan lasted)
    {
        _weight = (_weight * Memory) + 1;
        _costs = (_costs * Memory) + cost;
        _seconds = (_seconds * Memory) + lasted.TotalSeconds;
        _squares = (_squares * Memory) + ((double)cost * cost);
        _products = (_products * Memory) + (cost * lasted.TotalSeconds);
    }

    /// <summary>How long a run of this cost will take; zero while nothing is known.</summary>
    public TimeSpan Expect(long cost)
    {
        if (!IsKnown)
        {
            return TimeSpan.Zero;
        }
        return TimeSpan.FromSeconds(Fit() is var (perRun, perCost) ? perRun + (perCost * cost) : cost * _seconds / _costs);
    }

    /// <summary>
    /// The cost beyond which a batch is no longer worth waiting for; endless while that is not known. Less than one item means that each
    /// runs alone.
    /// </summary>
    public double Worthwhile => Fit() is var (perRun, perCost) ? perRun / (perCost * FixedShare) : double.PositiveInfinity;

    /// <summary>Null where all runs were about equal. Neither part is negative.</summary>
    private (double PerRun, double PerCost)? Fit()
    {
        if (!IsKnown)
        {
            return null;
        }
        double mean = _costs / _weight,
            variance = (_squares / _weight) - (mean * mean);
        if (variance < LeastSpread * LeastSpread * mean * mean)
        {
            return null;
        }
        double perCost = Math.Max(0, ((_products / _weight) - (mean * _seconds / _weight)) / variance);
        return (Math.Max(0, (_seconds / _weight) - (perCost * mean)), perCost);
    }
}
