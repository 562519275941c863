using System.Diagnostics;
using Serverless.Packages;

namespace Serverless.Inference.Sessions;

/// <summary>Thread-safe by interlocked sums.</summary>
internal sealed class UsageCounter(ModelReference model)
{
    private long batches, items, units, ticks;

    public void Add(int batchItems, long batchUnits, long startTimestamp)
    {
        Interlocked.Add(ref ticks, Stopwatch.GetTimestamp() - startTimestamp);
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref items, batchItems);
        Interlocked.Add(ref units, batchUnits);
    }

    public ModelUsage Snapshot() => new(
        model, Interlocked.Read(ref batches), Interlocked.Read(ref items), Interlocked.Read(ref units),
        Stopwatch.GetElapsedTime(0, Interlocked.Read(ref ticks)));
}
