using System.Collections.Concurrent;
using System.Diagnostics;

namespace Serverless.Local.Stack.Processes;

/// <summary>
/// Starts child processes so that none outlives this one, even when it is killed with SIGKILL.
/// </summary>
/// <remarks>
/// Linux delivers the parent-death signal when the *thread* that forked ends, so every child is forked by one thread that lives
/// as long as the process. Each child gets a session of its own: Ctrl+C at the terminal reaches this process alone, which then
/// stops the children in order.
/// </remarks>
internal static class ProcessSpawner
{
    private static readonly BlockingCollection<Action> Requests = StartThread();

    public static Process Start(ProcessSpec spec)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Spawn(spec));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static Process Spawn(ProcessSpec spec)
    {
        ProcessStartInfo info = new("/bin/sh") { UseShellExecute = false, WorkingDirectory = spec.WorkingDirectory };
        // The child writes its own log, so that a full pipe or a dead parent can never block it.
        info.ArgumentList.Add("-c");
        // It enters its group before it is what it will be: .NET reads its limits once.
        info.ArgumentList.Add(
            "log=$1; group=$2; shift 2; if [ -n \"$group\" ]; then echo $$ >\"$group/cgroup.procs\" || exit; fi; "
                + "exec setpriv --pdeathsig KILL setsid \"$@\" >>\"$log\" 2>&1 </dev/null"
        );
        info.ArgumentList.Add("sh");
        info.ArgumentList.Add(spec.LogFile);
        info.ArgumentList.Add(spec.ControlGroup ?? "");
        info.ArgumentList.Add(spec.FileName);
        foreach (string argument in spec.Arguments)
        {
            info.ArgumentList.Add(argument);
        }
        foreach ((string key, string value) in spec.Environment)
        {
            info.Environment[key] = value;
        }
        return Process.Start(info) ?? throw new InvalidOperationException($"{spec.Name} did not start.");
    }

    private static BlockingCollection<Action> StartThread()
    {
        BlockingCollection<Action> requests = [];
        Thread thread = new(() =>
        {
            foreach (Action request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        {
            IsBackground = true,
            Name = "process spawner",
        };
        thread.Start();
        return requests;
    }
}

/// <summary>What to start: one child process of the local stack, with its settings and the file that takes its output.</summary>
/// <param name="ControlGroup">The folder of one that it starts in, with all that it starts; null for that of this process.</param>
internal sealed record ProcessSpec(
    string Name,
    string FileName,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory,
    string LogFile,
    string? ControlGroup = null
);
