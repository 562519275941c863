namespace Serverless.Local.Durable;

/// <summary>Wakes those who wait for the end of an instance as soon as it ends in this process. Thread-safe.</summary>
internal sealed class CompletionSignals
{
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);

    public TaskCompletionSource Add(string instanceId)
    {
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            if (!_waiting.TryGetValue(instanceId, out List<TaskCompletionSource>? signals))
            {
                _waiting.Add(instanceId, signals = []);
            }

            signals.Add(signal);
        }

        return signal;
    }

    public void Remove(string instanceId, TaskCompletionSource signal)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(instanceId, out List<TaskCompletionSource>? signals) && signals.Remove(signal) && signals.Count == 0)
            {
                _waiting.Remove(instanceId);
            }
        }
    }

    public void Raise(string instanceId)
    {
        List<TaskCompletionSource>? signals;
        lock (_waiting)
        {
            _waiting.Remove(instanceId, out signals);
        }

        signals?.ForEach(signal => signal.TrySetResult());
    }
}
