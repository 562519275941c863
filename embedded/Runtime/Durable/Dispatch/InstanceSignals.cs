namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>Wakes those who wait for an instance to start or to end. Thread-safe.</summary>
internal sealed class InstanceSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiting = [];

    /// <summary>Waits for the next signal of an instance. Begin to listen before looking, so that none is missed.</summary>
    public Listener Listen(string instanceId)
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_waiting.TryGetValue(instanceId, out List<TaskCompletionSource>? sources))
                _waiting.Add(instanceId, sources = []);
            sources.Add(source);
        }

        return new Listener(this, instanceId, source);
    }

    public void Raise(string instanceId)
    {
        List<TaskCompletionSource>? sources;
        lock (_gate)
            _waiting.Remove(instanceId, out sources);
        foreach (TaskCompletionSource source in sources ?? [])
            source.TrySetResult();
    }

    private void Remove(string instanceId, TaskCompletionSource source)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(instanceId, out List<TaskCompletionSource>? sources) && sources.Remove(source) && sources.Count == 0)
                _waiting.Remove(instanceId);
        }
    }

    internal readonly struct Listener(InstanceSignals signals, string instanceId, TaskCompletionSource source) : IDisposable
    {
        public Task Raised => source.Task;

        public void Dispose() => signals.Remove(instanceId, source);
    }
}
