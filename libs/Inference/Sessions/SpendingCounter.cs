namespace Serverless.Inference.Sessions;

/// <summary>Sums what the runs of one model version spent, over all its sessions. Thread-safe by interlocked sums.</summary>
internal sealed class SpendingCounter(string model, string version, bool isOnGpu)
{
    private long _items,
        _processorTicks,
        _gpuTicks;

    public void Add(int items, in RunSpending spent)
    {
        Interlocked.Add(ref _items, items);
        Interlocked.Add(ref _processorTicks, spent.Processor.Ticks);
        if (isOnGpu)
        {
            Interlocked.Add(ref _gpuTicks, spent.Held.Ticks);
        }
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
