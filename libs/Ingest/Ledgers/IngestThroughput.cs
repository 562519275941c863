using System.Runtime.InteropServices;
using Serverless.Media;
using Serverless.Statistics.Intervals;

namespace Serverless.Ingest.Ledgers;

/// <summary>What came in and what became of it in one stretch of time.</summary>
/// <param name="Arrived">Registered then; the others came to their result then.</param>
/// <param name="MedianSeconds">From registration to the analysis; null where nothing was processed.</param>
public sealed record ThroughputCount(int Arrived, int Processed, int Quarantined, double? MedianSeconds, double? P95Seconds);

/// <param name="At">Its beginning.</param>
public sealed record ThroughputBucket(DateTimeOffset At, ThroughputCount Count);

/// <param name="Kind">Null for what was never told apart.</param>
public sealed record ThroughputLane(string Store, MediaKind? Kind, ThroughputCount Count);

/// <summary>
/// Arrivals, results and waiting over time, counted from the newest version of each asset: one that was uploaded again counts once, as what
/// it came to last.
/// </summary>
public sealed record IngestThroughput(
    DateTimeOffset From,
    DateTimeOffset To,
    double BucketSeconds,
    IReadOnlyList<ThroughputBucket> Buckets,
    IReadOnlyList<ThroughputLane> Lanes
)
{
    /// <param name="newestFirst">By their latest change, so that rows which changed before are not looked at.</param>
    public static IngestThroughput Count(IEnumerable<LedgerRow> newestFirst, DateTimeOffset from, DateTimeOffset to, int buckets)
    {
        TimeSpan width = (to - from) / buckets;
        Tally[] byTime = [.. Enumerable.Range(0, buckets).Select(_ => new Tally())];
        Dictionary<(string Store, MediaKind? Kind), Tally> byLane = [];
        foreach (LedgerRow row in newestFirst.TakeWhile(row => row.Entry.Changed >= from))
        {
            ref Tally? lane = ref CollectionsMarshal.GetValueRefOrAddDefault(byLane, (row.Store, row.Kind), out _);
            lane ??= new Tally();
            if (BucketOf(row.Entry.Registered) is { } arrived)
            {
                arrived.Arrived++;
                lane.Arrived++;
            }
            if (row.Entry.Finished is { } finished && BucketOf(finished) is { } ended)
            {
                ended.End(row.Entry, finished);
                lane.End(row.Entry, finished);
            }
        }
        return new IngestThroughput(
            from,
            to,
            width.TotalSeconds,
            [.. byTime.Select((tally, i) => new ThroughputBucket(from + (i * width), tally.ToCount()))],
            [.. byLane.OrderBy(one => one.Key).Select(one => new ThroughputLane(one.Key.Store, one.Key.Kind, one.Value.ToCount()))]
        );

        Tally? BucketOf(DateTimeOffset at) => at < from || at >= to ? null : byTime[Math.Min((int)((at - from) / width), buckets - 1)];
    }

    private sealed class Tally
    {
        private readonly List<double> _seconds = [];
        private int _quarantined;

        public int Arrived { get; set; }

        public void End(LedgerEntry entry, DateTimeOffset finished)
        {
            if (entry.State == AssetState.Processed)
            {
                _seconds.Add(Math.Max(0, (finished - entry.Registered).TotalSeconds));
            }
            else if (entry.State == AssetState.Quarantined)
            {
                _quarantined++;
            }
        }

        public ThroughputCount ToCount()
        {
            double[] sorted = [.. _seconds.Order()];
            return new ThroughputCount(Arrived, sorted.Length, _quarantined, At(sorted, 0.5), At(sorted, 0.95));
        }

        private static double? At(double[] sorted, double p) => sorted.Length == 0 ? null : Math.Round(Quantiles.Of(sorted, p), 3);
    }
}
