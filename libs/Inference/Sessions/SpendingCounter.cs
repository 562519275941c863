namespace Serverless.Inference.Sessions;

/// <summary>Sums what the runs of one model version spent, over all its sessions. Thread-safe by interlocked sums.</summary>
internal sealed class SpendingCounter(string model, string version, bool isOnGpu)
{
    [ThreadStatic]
    private static ModelTime _ofThread;

    private long _items,
        _processorTicks,
        _gpuTicks;

    /// <summary>
    /// What all runs that this thread asked for have spent, also those that failed. A run stays on the thread that asks for it, so that the
    /// difference of two readings is what the runs in between have cost.
    /// </summary>
    public static ModelTime OfThread => _ofThread;

    /// <summary>To be called by the thread that asked for the run.</summary>
    public void Add(int items, in RunSpending spent)
    {
        ModelTime time = new(spent.Processor, isOnGpu ? spent.Held : TimeSpan.Zero);
        _ofThread += time;
        Interlocked.Add(ref _items, items);
        Interlocked.Add(ref _processorTicks, time.Processor.Ticks);
        Interlocked.Add(ref _gpuTicks, time.Gpu.Ticks);
    }

    public ModelSpending Read() =>
        new(
            model,
            version,
            Interlocked.Read(ref _items),
            TimeSpan.FromTicks(Interlocked.Read(ref _processorTicks)),
            TimeSpan.FromTicks(Interlocked.Read(ref _gpuTicks))
        );
}
