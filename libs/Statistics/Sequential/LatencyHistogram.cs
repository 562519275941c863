using System.Text.Json.Serialization;

namespace Serverless.Statistics.Sequential;

/// <summary>
/// Times counted by their logarithm: buckets 4.4 % wide, from 0.1 ms on. Mutable, not thread-safe; adds up over instances. Serialised
/// as its filled buckets.
/// </summary>
public sealed class LatencyHistogram
{
    internal const int Buckets = 384; // up to half an hour
    private const double FirstMilliseconds = 0.1;
    private const double BucketsPerDoubling = 16;

    /// <summary>Count by bucket; bucket i ends at <see cref="UpperEdge"/>.</summary>
    [JsonInclude]
    public SortedDictionary<int, long> Counts { get; private init; } = [];

    [JsonIgnore]
    public long Total => Counts.Values.Sum();

    public void Add(double milliseconds)
    {
        // NaN and negative times, of a clock that was set back, are no times.
        if (!(milliseconds >= 0))
        {
            return;
        }
        double exact = Math.Ceiling(BucketsPerDoubling * Math.Log2(Math.Max(milliseconds, FirstMilliseconds) / FirstMilliseconds));
        int bucket = (int)Math.Clamp(exact, 0, Buckets - 1);
        Counts[bucket] = Counts.GetValueOrDefault(bucket) + 1;
    }

    public void Add(LatencyHistogram other)
    {
        foreach ((int bucket, long count) in other.Counts)
        {
            Counts[bucket] = Counts.GetValueOrDefault(bucket) + count;
        }
    }

    /// <summary>The upper edge of the bucket in which the quantile lies; NaN for an empty histogram.</summary>
    public double Quantile(double p)
    {
        long wanted = (long)Math.Ceiling(p * Total),
            seen = 0;
        foreach ((int bucket, long count) in Counts)
        {
            if ((seen += count) >= wanted)
            {
                return UpperEdge(bucket);
            }
        }
        return double.NaN;
    }

    /// <summary>Those that surely took longer: of the bucket in which the time lies none is counted.</summary>
    public long CountAbove(double milliseconds) => Counts.Where(one => UpperEdge(one.Key - 1) >= milliseconds).Sum(one => one.Value);

    internal static double UpperEdge(int bucket) => FirstMilliseconds * Math.Pow(2, bucket / BucketsPerDoubling);
}
