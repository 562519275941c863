using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>
/// Starts the listeners once the HTTP server listens. On a stop they take no more work at once, and what runs has the grace period
/// before its token is cancelled.
/// </summary>
internal sealed class TriggerService(
    IReadOnlyList<FunctionModel> functions, FunctionRunner runner, EmbeddedOptions options, IServiceProvider services, ILogger<TriggerService> logger)
    : IHostedLifecycleService
{
    private readonly Dictionary<FunctionModel, ITriggerListener> _listeners = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stopping = new();
    private Task _stopped = Task.CompletedTask;

    public HostState State { get; private set; } = HostState.Starting;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var function in functions)
            if (function.Plan.Listen is { } listen)
                _listeners[function] = listen(function, services);
        foreach (var listener in _listeners.Values)
            await listener.StartAsync(cancellationToken);
        State = HostState.Running;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        State = HostState.Stopping;
        _stopping.Cancel();
        runner.CancelAfter(options.StopGrace);
        _stopped = Task.WhenAll(_listeners.Values.Select(listener => listener.StopAsync()));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stopped.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.StoppedWithWorkLeft(logger);
        }
    }

    /// <summary>Starts the function in the background; false where its trigger has no listener.</summary>
    public bool RunNow(FunctionModel function, string input)
    {
        if (!_listeners.TryGetValue(function, out var listener))
            return false;
        _ = RunAsync(listener, function, input);
        return true;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(ITriggerListener listener, FunctionModel function, string input)
    {
        try
        {
            await listener.RunNowAsync(input, _stopping.Token);
        }
        catch (Exception exception)
        {
            Log.ManualRunFailed(logger, exception, function.Name);
        }
    }
}

internal enum HostState
{
    Starting,
    Running,
    Stopping,
}
