namespace Serverless.Statistics;

/// <summary>A metric's value where item i counts weights[i] times: 0 leaves it out, 2 has it twice.</summary>
public delegate double WeightedValue(ReadOnlySpan<int> weights);

/// <summary>
/// A number that says how good the answers to some items are; higher is better. It is known for every way of counting the items, which is
/// all that resampling, slices and comparisons need. Immutable; NaN where nothing counts. Thread-safe.
/// </summary>
public sealed class Metric(string name, int items, WeightedValue value)
{
    public string Name { get; } = name;

    public int Items { get; } = items;

    public double Evaluate(ReadOnlySpan<int> weights) =>
        weights.Length == Items
            ? value(weights)
            : throw new ArgumentException($"{Name} is of {Items} items, found {weights.Length} weights.", nameof(weights));

    /// <summary>Every item once.</summary>
    public double Evaluate()
    {
        int[] once = new int[Items];
        Array.Fill(once, 1);
        return value(once);
    }

    /// <summary>The same metric over the items of a slice alone.</summary>
    public Metric Of(IReadOnlyList<int> slice) => new(Name, slice.Count, weights =>
        {
            int[] all = new int[Items];
            for (int i = 0; i < slice.Count; i++)
            {
                all[slice[i]] = weights[i];
            }
            return value(all);
        });

    /// <summary>The mean of a number that each item has; NaN of an item spoils the mean, so give items that failed their worst.</summary>
    public static Metric Mean(string name, IReadOnlyList<double> values)
    {
        double[] copy = [.. values];
        return new Metric(name, copy.Length, weights =>
        {
            double sum = 0;
            long count = 0;
            for (int i = 0; i < copy.Length; i++)
            {
                if (weights[i] == 0)
                {
                    continue;
                }
                sum += weights[i] * copy[i];
                count += weights[i];
            }
            return count == 0 ? double.NaN : sum / count;
        });
    }
}
