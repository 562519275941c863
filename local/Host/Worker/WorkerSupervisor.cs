using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>Keeps one worker running: starts it, loads the functions, and replaces it with back-off when it ends by itself.</summary>
internal sealed class WorkerSupervisor(string appFolder, WorkerDescription description, TimeProvider time, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A worker that lived this long was well: the next failure is a first one again.</summary>
    private static readonly TimeSpan WellAfter = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = loggers.CreateLogger("Host.Worker");
    private readonly WorkerProcess _starter = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<WorkerSession> _current = NewSource<WorkerSession>();
    private (string WorkerId, TaskCompletionSource<WorkerChannel> Source) _awaited = ("", NewSource<WorkerChannel>());
    private Uri? _address;
    private int _starts;
    private Task _watch = Task.CompletedTask;

    /// <summary>What the worker reported at the first start. Set by <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    public async Task StartAsync(Uri address, CancellationToken cancellationToken)
    {
        _address = address;
        WorkerSession session = await OpenAsync(cancellationToken);
        _current.SetResult(session);
        _watch = WatchAsync(session);
    }

    /// <summary>The channel for a worker that connects; null for one that was not asked to.</summary>
    public WorkerChannel? Accept(string workerId)
    {
        lock (_gate)
        {
            if (_awaited.WorkerId != workerId || _awaited.Source.Task.IsCompleted)
            {
                return null;
            }
            WorkerChannel channel = new(workerId, new WorkerLog(loggers));
            _awaited.Source.SetResult(channel);
            return channel;
        }
    }

    /// <summary>The running worker; waits while it is being replaced.</summary>
    public Task<WorkerSession> GetSessionAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _current.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Kills the worker that runs an invocation, so that what hangs in it ends; another takes its place.</summary>
    public void Abandon(Guid invocationId)
    {
        if (
            _current.Task is { IsCompletedSuccessfully: true, Result: { Process.HasExited: false } session }
            && session.IsRunning(invocationId)
        )
        {
            session.Process.Kill(entireProcessTree: true);
        }
    }

    public async Task StopAsync(TimeSpan gracePeriod)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }
        await _stopping.CancelAsync();
        if (_current.Task is { IsCompletedSuccessfully: true, Result: { Process.HasExited: false } session })
        {
            await session.StopAsync(gracePeriod, time);
        }
        await _watch;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _starter.Dispose();
        _stopping.Dispose();
    }

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<WorkerSession> OpenAsync(CancellationToken cancellationToken)
    {
        string workerId = $"{Environment.ProcessId}-{++_starts}";
        TaskCompletionSource<WorkerChannel> connected = NewSource<WorkerChannel>();
        lock (_gate)
        {
            _awaited = (workerId, connected);
        }
        Process process = await _starter.StartAsync(description, workerId, _address!);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        _ = EndWithProcessAsync(process, connected);
        try
        {
            WorkerSession session = new(process, await connected.Task.WaitAsync(limit.Token));
            await session.InitializeAsync(appFolder, typeof(WorkerSupervisor).Assembly.GetName().Version!.ToString(), limit.Token);
            if (Functions.Count == 0)
            {
                Functions = await session.ListFunctionsAsync(appFolder, limit.Token);
            }
            await session.LoadAsync(Functions, limit.Token);
            // An invocation whose request comes late is given up by the worker after seconds.
            await session.WaitForHttpAsync(time, limit.Token);
            Log.WorkerReady(_logger, workerId, process.Id, Functions.Count);
            return session;
        }
        catch
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
            throw;
        }
    }

    /// <summary>A process that ends is seen at once, whether it had connected or not.</summary>
    private static async Task EndWithProcessAsync(Process process, TaskCompletionSource<WorkerChannel> connected)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        connected.TrySetException(
            new WorkerProcessExitException($"The worker ended with exit code {process.ExitCode} before it connected.")
        );
        if (connected.Task.IsCompletedSuccessfully)
        {
            (await connected.Task).End();
        }
    }

    private async Task WatchAsync(WorkerSession session)
    {
        int failures = 0;
        while (true)
        {
            long since = time.GetTimestamp();
            await session.Process.WaitForExitAsync(CancellationToken.None);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }
            lock (_gate)
            {
                _current = NewSource<WorkerSession>();
            }
            failures = time.GetElapsedTime(since) > WellAfter ? 0 : failures;
            Log.WorkerEnded(_logger, session.Process.Id, session.Process.ExitCode);
            if (await ReplaceAsync(failures) is not { } next)
            {
                return;
            }
            failures++;
            session = next;
            _current.SetResult(session);
        }
    }

    /// <summary>Null where the host stops first.</summary>
    private async Task<WorkerSession?> ReplaceAsync(int failures)
    {
        while (true)
        {
            try
            {
                await Task.Delay(PauseAfter(failures++), time, _stopping.Token);
                return await OpenAsync(_stopping.Token);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception failure)
            {
                Log.WorkerNotReplaced(_logger, failure.Message);
            }
        }
    }

    /// <summary>The first replacement comes at once; then 1 s, 2 s, 4 s … up to half a minute.</summary>
    internal static TimeSpan PauseAfter(int failures) =>
        failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), LongestPause.TotalSeconds));
}
