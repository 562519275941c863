using System.Diagnostics;

namespace Serverless.Local.Lambda;

/// <summary>
/// A function's process, which writes to this one's output. It does not outlive this process, even when that is killed with SIGKILL:
/// Linux delivers the parent-death signal when the thread that forked ends, so a thread of its own starts it and waits for its end.
/// </summary>
internal sealed class FunctionProcess
{
    private readonly Process _process;

    private FunctionProcess(Process process, Task<int> exited) => (_process, Exited) = (process, exited);

    public int Id => _process.Id;

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<FunctionProcess> StartAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Watch(Describe(command, variables), started, exited)) { IsBackground = true, Name = "function process" };
        thread.Start();
        return new FunctionProcess(await started.Task, exited.Task);
    }

    public void Kill()
    {
        // Another process may have its number once it has ended and been waited for.
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }
    }

    private static void Watch(ProcessStartInfo info, TaskCompletionSource<Process> started, TaskCompletionSource<int> exited)
    {
        try
        {
            Process process = Process.Start(info)!;
            started.SetResult(process);
            process.WaitForExit();
            exited.SetResult(process.ExitCode);
        }
        catch (Exception e)
        {
            started.TrySetException(e);
            exited.TrySetException(e);
        }
    }

    /// <summary>
    /// In a session of its own, so that Ctrl+C at the terminal reaches this process alone, which lets invocations finish.
    /// </summary>
    private static ProcessStartInfo Describe(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables)
    {
        ProcessStartInfo info = new("setpriv") { UseShellExecute = false };
        foreach (string argument in (IEnumerable<string>)["--pdeathsig", "KILL", "setsid", .. command])
        {
            info.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in variables)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
