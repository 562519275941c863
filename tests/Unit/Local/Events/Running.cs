namespace Serverless.Unit.Local.Events;

/// <summary>Something that runs until it is disposed of, which stops it as a signal does.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IDisposable? _owned;
    private readonly Task _run;

    public Running(Func<CancellationToken, Task> run, IDisposable? owned = null)
    {
        _owned = owned;
        _run = run(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _owned?.Dispose();
        _stop.Dispose();
    }
}
