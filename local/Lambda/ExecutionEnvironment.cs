using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Lambda;

/// <summary>
/// One process of the function, started again whenever it ends, with a Runtime API of its own: it runs one invocation at a time. Each time
/// its runtime asks for work, the environment announces itself as ready.
/// </summary>
internal sealed class ExecutionEnvironment(
    LambdaOptions options,
    int number,
    ChannelWriter<ExecutionEnvironment> ready,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan HealthyRun = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRestartDelay = TimeSpan.FromMilliseconds(100);
    private const int MostDoublings = 7; // 12.8 s

    private readonly Lock _gate = new();
    private TaskCompletionSource<Invocation>? _asked;
    private Invocation? _current;
    private FunctionProcess? _process;

    /// <summary>Whether a runtime of it ever asked for work: the function can be started.</summary>
    public bool HasAsked { get; private set; }

    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    /// <summary>Keeps the process running until it is cancelled, then ends it.</summary>
    public async Task RunAsync(string runtimeApi, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> variables = FunctionVariables.For(options, number, runtimeApi);
        for (int quickEnds = 0; ; )
        {
            long started = time.GetTimestamp();
            FunctionProcess process = await FunctionProcess.StartAsync(options.Command, variables);
            Volatile.Write(ref _process, process);
            using (cancellationToken.Register(process.Kill))
            {
                int exitCode = await process.Exited;
                HandleEnd(exitCode);
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                quickEnds = time.GetElapsedTime(started) < HealthyRun ? Math.Min(quickEnds + 1, MostDoublings) : 0;
                TimeSpan delay = FirstRestartDelay * (1 << quickEnds);
                logger.FunctionEnded(options.FunctionName, number, exitCode, delay);
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The runtime asks for its next invocation and waits until there is one, or until it is gone.</summary>
    public async Task<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Invocation> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _current?.TryEnd(
                InvocationOutcome.Failed("Runtime.NoAnswer", "The runtime asked for the next invocation before it answered this one.")
            );
            _current = null;
            _asked?.TrySetCanceled(CancellationToken.None);
            _asked = asked;
            HasAsked = true;
        }

        await ready.WriteAsync(this, cancellationToken);
        using (cancellationToken.Register(() => asked.TrySetCanceled(cancellationToken)))
        {
            return await asked.Task;
        }
    }

    /// <summary>Hands an event to the runtime; null where that does not wait any more.</summary>
    public Invocation? TryInvoke(string requestId, byte[] payload)
    {
        lock (_gate)
        {
            Invocation invocation = new(requestId, payload, time.GetUtcNow() + options.Timeout);
            if (_asked?.TrySetResult(invocation) != true)
            {
                return null;
            }

            _asked = null;
            return _current = invocation;
        }
    }

    /// <summary>The runtime answers the invocation that it has; false where it has another one, or none.</summary>
    public bool TryEnd(string requestId, InvocationOutcome outcome)
    {
        lock (_gate)
        {
            if (_current?.RequestId != requestId || !_current.TryEnd(outcome))
            {
                return false;
            }

            _current = null;
            return true;
        }
    }

    /// <summary>Ends the process; another one follows.</summary>
    public void Kill() => Volatile.Read(ref _process)?.Kill();

    private void HandleEnd(int exitCode)
    {
        lock (_gate)
        {
            _asked?.TrySetCanceled(CancellationToken.None);
            _asked = null;
            _current?.TryEnd(InvocationOutcome.Failed("Runtime.ExitError", $"The function's process ended with exit code {exitCode}."));
            _current = null;
        }
    }
}
