namespace Serverless.Statistics.Comparisons;

/// <summary>
/// A metric of two models over the same items. It is made from one metric over twice the items: first the candidate's answers to all
/// of them, then those of the version that serves.
/// </summary>
public sealed class PairedMetric
{
    private readonly Metric _joint;

    public PairedMetric(Metric joint)
    {
        if (joint.Items % 2 != 0)
        {
            throw new ArgumentException($"{joint.Name} is of {joint.Items} answers, which is no even number.", nameof(joint));
        }
        _joint = joint;
        Items = joint.Items / 2;
        Candidate = new Metric(joint.Name, Items, weights => Evaluate(weights, candidate: true));
        Serving = new Metric(joint.Name, Items, weights => Evaluate(weights, candidate: false));
        Difference = new Metric(joint.Name, Items, weights => Evaluate(weights, candidate: true) - Evaluate(weights, candidate: false));
    }

    public int Items { get; }

    public Metric Candidate { get; }

    public Metric Serving { get; }

    /// <summary>Candidate less serving; resampled, both see the same items.</summary>
    public Metric Difference { get; }

    /// <summary>The difference where the two swap their answers to some of the items.</summary>
    internal double DifferenceSwapped(ReadOnlySpan<bool> counts, ReadOnlySpan<bool> swapped)
    {
        int[] first = new int[2 * Items],
            second = new int[2 * Items];
        for (int i = 0; i < Items; i++)
        {
            if (!counts[i])
            {
                continue;
            }
            first[swapped[i] ? Items + i : i] = 1;
            second[swapped[i] ? i : Items + i] = 1;
        }
        return _joint.Evaluate(first) - _joint.Evaluate(second);
    }

    private double Evaluate(ReadOnlySpan<int> weights, bool candidate)
    {
        int[] all = new int[2 * Items];
        weights.CopyTo(all.AsSpan(candidate ? 0 : Items));
        return _joint.Evaluate(all);
    }
}
