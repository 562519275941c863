using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>
/// Matches events with waiters by name, whatever its case. An event that nobody waits for is kept for the next who does. The
/// newest waiter is served first, as in the cloud engine: a wait that a loop around <c>Task.WhenAny</c> abandoned takes nothing.
/// </summary>
internal sealed class ExternalEvents
{
    private readonly List<EventRaised> _kept = [];
    private readonly Dictionary<string, List<TaskCompletionSource<string?>>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Events that came and were not waited for, oldest first.</summary>
    public IReadOnlyList<EventRaised> Kept => _kept;

    public bool HasWaiters => _waiters.Count > 0;

    public void Raise(EventRaised item)
    {
        if (!_waiters.TryGetValue(item.Name, out List<TaskCompletionSource<string?>>? waiters))
        {
            _kept.Add(item);
            return;
        }

        TaskCompletionSource<string?> newest = waiters[^1];
        Remove(item.Name, newest);
        newest.SetResult(item.Input);
    }

    public async Task<string?> WaitAsync(string name, CancellationToken cancellation)
    {
        int kept = _kept.FindIndex(item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            string? input = _kept[kept].Input;
            _kept.RemoveAt(kept);
            return input;
        }

        TaskCompletionSource<string?> waiter = new();
        if (!_waiters.TryGetValue(name, out List<TaskCompletionSource<string?>>? waiters))
            _waiters.Add(name, waiters = []);
        waiters.Add(waiter);
        CancellationTokenRegistration registration = cancellation.Register(() =>
        {
            Remove(name, waiter);
            waiter.TrySetCanceled(cancellation);
        });
        try
        {
            return await waiter.Task;
        }
        finally
        {
            registration.Unregister();
        }
    }

    private void Remove(string name, TaskCompletionSource<string?> waiter)
    {
        if (_waiters.TryGetValue(name, out List<TaskCompletionSource<string?>>? waiters) && waiters.Remove(waiter) && waiters.Count == 0)
            _waiters.Remove(name);
    }
}
