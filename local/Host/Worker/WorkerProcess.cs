using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Serverless.Local.Host.Worker;

/// <summary>Starts worker processes so that none outlives this host, even when it is killed with SIGKILL.</summary>
/// <remarks>
/// Linux sends the parent-death signal when the thread that forked ends, so one thread that lives as long as the host forks them all.
/// </remarks>
internal sealed class WorkerProcess : IDisposable
{
    private readonly BlockingCollection<Action> _requests = [];

    public WorkerProcess()
    {
        new Thread(() =>
        {
            foreach (Action request in _requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        {
            IsBackground = true,
            Name = "worker starter",
        }.Start();
    }

    public Task<Process> StartAsync(WorkerDescription worker, string workerId, Uri address)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add(() =>
        {
            try
            {
                started.SetResult(Start(worker, workerId, address));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    public void Dispose() => _requests.CompleteAdding();

    private static Process Start(WorkerDescription worker, string workerId, Uri address)
    {
        string folder = Path.GetDirectoryName(worker.Program)!;
        ProcessStartInfo info = new() { WorkingDirectory = folder, UseShellExecute = false };
        if (OperatingSystem.IsLinux())
        {
            // Ctrl+C at the terminal reaches the host alone, which then lets the worker finish: hence a session of its own.
            info.FileName = "setpriv";
            foreach (string argument in (string[])["--pdeathsig", "KILL", "setsid", worker.Executable])
            {
                info.ArgumentList.Add(argument);
            }
        }
        else
        {
            info.FileName = worker.Executable;
        }
        foreach (string argument in Arguments(worker, workerId, address))
        {
            info.ArgumentList.Add(argument);
        }
        info.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        info.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("no process was made");
        }
        catch (Win32Exception missing)
        {
            throw new HostStartException($"'{info.FileName}' cannot be started ({missing.Message}); is it on the PATH?", missing);
        }
    }

    /// <summary>Workers of all ages are served: the short names are those of the first ones.</summary>
    private static string[] Arguments(WorkerDescription worker, string workerId, Uri address) =>
        [
            worker.Program,
            "--host",
            address.Host,
            "--port",
            $"{address.Port}",
            "--workerId",
            workerId,
            "--requestId",
            workerId,
            "--grpcMaxMessageLength",
            $"{int.MaxValue}",
            "--functions-uri",
            address.ToString(),
            "--functions-worker-id",
            workerId,
            "--functions-request-id",
            workerId,
            "--functions-grpc-max-message-length",
            $"{int.MaxValue}",
        ];
}
