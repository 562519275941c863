namespace Serverless.Telemetry;

/// <summary>
/// One metric with one set of labels: a number, or a histogram. Thread-safe by a lock, which is held for a few nanoseconds.
/// </summary>
internal sealed class MetricSeries(int buckets)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[buckets];
    private double _value;
    private long _count;

    public void Add(double value)
    {
        lock (_gate)
        {
            _value += value;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
        }
    }

    public void Observe(double value, double[] boundaries)
    {
        int bucket = Array.BinarySearch(boundaries, value); // boundaries are inclusive above
        lock (_gate)
        {
            _buckets[bucket < 0 ? ~bucket : bucket]++;
            _value += value;
            _count++;
        }
    }

    /// <summary>The value, or the sum of what a histogram observed.</summary>
    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_gate)
        {
            return (_value, _count, [.. _buckets]);
        }
    }
}
