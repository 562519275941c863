namespace Serverless.Statistics.Sequential;

/// <summary>
/// A sequential test whether times are longer than a reference's by more than a limit, which a few requests pass or fail. At each of
/// some fixed times, the part of the candidate's requests that take longer than the limit makes of it is held against the part of the
/// reference's that take longer, by <see cref="RateTest"/>; the evidence is the mean of these e-processes, which is one itself (Vovk and
/// Wang 2021, "E-values: calibration, combination and applications"), so that the many times cost no more than their logarithm.
/// </summary>
public static class ShiftTest
{
    private const int BucketsBetween = 8; // each time is √2 times the one before
    private const int Times = LatencyHistogram.Buckets / BucketsBetween;

    /// <summary>Where each bucket begins.</summary>
    private static readonly double[] Beginnings = [.. Enumerable.Range(-1, LatencyHistogram.Buckets).Select(LatencyHistogram.UpperEdge)];

    /// <summary>
    /// Against "whatever the time t, at most the margin more of the candidate's requests take longer than
    /// <paramref name="ratio"/>·t + <paramref name="slack"/> than of the reference's take longer than t".
    /// </summary>
    /// <param name="margin">Leaves slow exceptions, such as caches that fill, to tests of high quantiles.</param>
    public static double LogEvidence(LatencyHistogram reference, LatencyHistogram candidate, double ratio, double slack, double margin)
    {
        long[] usual = CountFrom(reference),
            found = CountFrom(candidate);
        double[] logs =
        [
            .. Enumerable
                .Range(1, Times)
                .Select(i => LatencyHistogram.UpperEdge((i * BucketsBetween) - 1))
                .Select(t => RateTest.LogEvidence(Above(usual, t), Above(found, (ratio * t) + slack), margin)),
        ];
        double most = logs.Max();
        return most + Math.Log(logs.Sum(log => Math.Exp(log - most))) - Math.Log(logs.Length);
    }

    /// <summary>What there is at least where one of the times parts the arms like this.</summary>
    public static double LogEvidence(Rate reference, Rate candidate, double margin) =>
        RateTest.LogEvidence(reference, candidate, margin) - Math.Log(Times);

    /// <summary>Those that surely took longer: of a bucket that the time lies in, none.</summary>
    private static Rate Above(long[] from, double time)
    {
        int found = Array.BinarySearch(Beginnings, time);
        int first = found >= 0 ? found : ~found;
        return new Rate(first < from.Length ? from[first] : 0, from[0]);
    }

    /// <summary>Of each bucket, how many are in it and in those behind it.</summary>
    private static long[] CountFrom(LatencyHistogram values)
    {
        long[] counts = new long[LatencyHistogram.Buckets];
        foreach ((int bucket, long count) in values.Counts)
        {
            counts[bucket] = count;
        }
        for (int i = counts.Length - 2; i >= 0; i--)
        {
            counts[i] += counts[i + 1];
        }
        return counts;
    }
}
