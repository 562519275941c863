namespace Serverless.Ingest.Steps;

/// <summary>
/// Lets what ended with its process before run alone in this one, so that it takes nobody along should it do so again. Whoever is not let
/// in is to come again later: to wait in here would be to be in hand when the process ends. Lives as long as the process; thread-safe.
/// </summary>
public sealed class AttemptGate
{
    private readonly Lock _gate = new();
    private int _inside; // under the gate, as all below
    private bool _isTaken;
    private TaskCompletionSource? _empty;

    /// <summary>Null while somebody is alone, or is to be as soon as the others have left.</summary>
    public IDisposable? TryEnter()
    {
        lock (_gate)
        {
            if (_isTaken)
            {
                return null;
            }
            _inside++;
            return new Pass(LeaveOthers);
        }
    }

    /// <summary>Waits until the others have left. Null where somebody else is alone, or waits to be.</summary>
    public async Task<IDisposable?> TryEnterAloneAsync(CancellationToken cancellationToken)
    {
        Task empty;
        lock (_gate)
        {
            if (_isTaken)
            {
                return null;
            }
            _isTaken = true;
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            empty = _inside == 0 ? Task.CompletedTask : _empty.Task;
        }
        try
        {
            await empty.WaitAsync(cancellationToken);
            return new Pass(LeaveAlone);
        }
        catch
        {
            LeaveAlone();
            throw;
        }
    }

    private void LeaveOthers()
    {
        lock (_gate)
        {
            if (--_inside == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    private void LeaveAlone()
    {
        lock (_gate)
        {
            (_isTaken, _empty) = (false, null);
        }
    }

    private sealed class Pass(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
