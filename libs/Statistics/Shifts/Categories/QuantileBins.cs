using Serverless.Statistics.Intervals;
using Serverless.Statistics.Shifts.Numbers;

namespace Serverless.Statistics.Shifts.Categories;

/// <summary>
/// Makes categories of numbers: bins that hold equal shares of a reference, open at both ends. A value that takes more than one bin's
/// share is a bin of its own, so that it is told apart from what lies below and above. Immutable.
/// </summary>
public sealed class QuantileBins
{
    private readonly double[] _edges;

    /// <param name="bins">At least 2; 10 is usual for the stability index.</param>
    public QuantileBins(SortedSample reference, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        if (reference.Count == 0)
        {
            throw new ArgumentException("The reference has 0 values, expected at least 1 to make bins of.", nameof(reference));
        }
        // The least and the greatest value are edges only where they take a bin's share too.
        _edges =
        [
            .. Enumerable
                .Range(0, bins + 1)
                .GroupBy(i => Quantiles.Of(reference.Values, (double)i / bins))
                .SelectMany(same =>
                    same.Count() > 1 ? [Math.BitDecrement(same.Key), same.Key]
                    : same.Single() % bins == 0 ? []
                    : (double[])[same.Key]
                )
                .Distinct(),
        ];
    }

    /// <summary>Each bin reaches up to its edge, which is its own; the last has none.</summary>
    public IReadOnlyList<double> Edges => _edges;

    public CategoryCounts Count(SortedSample reference, SortedSample current) => new(Count(reference), Count(current));

    private long[] Count(SortedSample sample)
    {
        long[] counts = new long[_edges.Length + 1];
        int bin = 0;
        foreach (double value in sample.Values)
        {
            while (bin < _edges.Length && value > _edges[bin])
            {
                bin++;
            }
            counts[bin]++;
        }
        return counts;
    }
}
