namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>Counts instances with mail and activities that wait or run, so that one can wait until there are none. Thread-safe.</summary>
internal sealed class WorkInHand
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _count;

    public void Begin()
    {
        lock (_gate)
            _count++;
    }

    public void End()
    {
        TaskCompletionSource? none = null;
        lock (_gate)
        {
            if (--_count == 0)
                (none, _none) = (_none, null);
        }

        none?.SetResult();
    }

    public Task WhenNoneAsync()
    {
        lock (_gate)
        {
            if (_count == 0)
                return Task.CompletedTask;
            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }
}
