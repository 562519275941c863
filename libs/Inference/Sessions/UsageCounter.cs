using System.Diagnostics;
using Serverless.Packages;

namespace Serverless.Inference.Sessions;

/// <summary>Thread-safe by interlocked sums.</summary>
internal sealed class UsageCounter(ModelReference model)
{
    private long _batches,
        _items,
        _units,
        _ticks;

    public void Add(int batchItems, long batchUnits, long startTimestamp)
    {
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - startTimestamp);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _items, batchItems);
        Interlocked.Add(ref _units, batchUnits);
    }

    public ModelUsage Snapshot() =>
        new(
            model,
            Interlocked.Read(ref _batches),
            Interlocked.Read(ref _items),
            Interlocked.Read(ref _units),
            Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks))
        );
}
