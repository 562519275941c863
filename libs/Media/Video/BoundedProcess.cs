using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Serverless.Media.Video;

/// <summary>A child process that can take only so much memory, writes no file, inherits no environment, and never outlives its owner:
/// disposing kills and reaps it; if this process dies, its closed pipe ends it.</summary>
internal sealed partial class BoundedProcess : IAsyncDisposable
{
    private const string Limiter = "prlimit"; // of util-linux, which is always there; it becomes the program it starts
    private const int NotFound = 127;
    private const int Killed = 128 + 9,
        Terminated = 128 + 15;

    private readonly Process _process;
    private readonly string _program;
    private int _disposed;

    private BoundedProcess(Process process, string program)
    {
        _process = process;
        _program = program;
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    public static BoundedProcess Start(string program, IEnumerable<string> arguments, long maxBytes)
    {
        var start = new ProcessStartInfo(Limiter)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        string? path = start.Environment.TryGetValue("PATH", out string? value) ? value : null;
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        foreach (string argument in (string[])[$"--as={maxBytes}", "--fsize=0", "--core=0", "--nofile=64", "--", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Widen(process.StandardOutput.BaseStream);
            return new BoundedProcess(process, program);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{Limiter} does not start ({e.Message}): `apt-get install util-linux`.", e);
        }
    }

    /// <summary>Waits for the end. True when the program says that all went well; false when the bytes it read are at fault.</summary>
    public async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode switch
        {
            0 => true,
            NotFound or 126 => throw new InvalidOperationException($"{_program} is missing: `apt-get install ffmpeg`."),
            Killed or Terminated => throw new IOException($"{_program} was killed from outside (exit code {_process.ExitCode})."),
            _ => false,
        };
    }

    /// <summary>Ends the program at once; nothing happens if it has ended.</summary>
    public void Kill()
    {
        if (Interlocked.CompareExchange(ref _disposed, 0, 0) == 0 && !_process.HasExited)
        {
            _process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _disposed = 1;
        _process.Dispose();
    }

    // A frame is larger than a pipe is by default; with room for several, writer and reader seldom wait for each other. Refused
    // (the user's pipes hold enough already), it stays as it was.
    private static void Widen(Stream output)
    {
        const int SetPipeSize = 1031,
            OneMegabyte = 1 << 20; // F_SETPIPE_SZ and its unprivileged maximum, fcntl(2)
        if (output is PipeStream pipe)
        {
            _ = Control((int)pipe.SafePipeHandle.DangerousGetHandle(), SetPipeSize, OneMegabyte);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
