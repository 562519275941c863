using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Serverless.Local.Stack.Processes;

/// <summary>
/// One supervised member of the stack: restarted with back-off when it ends by itself, stopped with SIGTERM and, after
/// <see cref="StopTimeout"/>, SIGKILL.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Every member promises to finish or hand back its work within 10 s; the rest is for a slow machine.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private const int MaxRapidRestarts = 5;

    /// <summary>A process that lived for so long runs well.</summary>
    private static readonly TimeSpan LivedLong = TimeSpan.FromSeconds(5);

    /// <summary>Between two starts of one that keeps ending: what it lacks, a disk or a server, may come back.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(15);

    private readonly ProcessSpec _spec;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _supervision;
    private volatile Process _process;
    private volatile ProcessState _state;
    private int _restarts;

    internal ChildProcess(ProcessSpec spec, TimeProvider time)
    {
        _spec = spec;
        _time = time;
        _state = new ProcessState(time.GetUtcNow(), Ends: 0);
        _process = ProcessSpawner.Start(spec);
        _supervision = SuperviseAsync();
    }

    public string Name => _spec.Name;

    public string LogFile => _spec.LogFile;

    public int ProcessId => _process.Id;

    /// <summary>How often it had to be started again.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>It ends again and again soon after its start, and is started at long intervals only.</summary>
    public bool KeepsEnding => _state.Ends > MaxRapidRestarts;

    /// <summary>How it fares; replaced whole.</summary>
    internal ProcessState State => _state;

    /// <summary>SIGKILL, as a power cut would; supervision starts it again.</summary>
    public void Kill()
    {
        Process process = _process;
        if (!process.HasExited)
        {
            process.Kill();
        }
    }

    /// <summary>SIGTERM, as for a new release: it ends its work in its own time; supervision starts it again.</summary>
    public void Terminate()
    {
        Process process = _process;
        if (!process.HasExited)
        {
            _ = Signal(process.Id, SigTerm);
        }
    }

    /// <summary>Largest resident size so far, in bytes (VmHWM of the process that runs now); 0 when it has ended.</summary>
    public long PeakMemoryBytes() => PeakMemoryBytes(_process.Id);

    /// <summary>The same of any process.</summary>
    public static long PeakMemoryBytes(int processId)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim()[..^3].Trim()) * 1024;
        }
        catch (IOException)
        {
            return 0; // ended, perhaps while it was read
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }
        await _stopping.CancelAsync();
        await _supervision;
        _process.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Alone starts and stops the process, so that none is started behind the back of who stops it.</summary>
    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                await WaitForExitAsync();
                ProcessState before = _state;
                _state = before.Ends == 0 ? new ProcessState(_time.GetUtcNow(), Ends: 1) : before with { Ends = before.Ends + 1 };
                await Task.Delay(KeepsEnding ? LongPause : TimeSpan.FromMilliseconds(100 << _state.Ends), _time, _stopping.Token);
                Interlocked.Increment(ref _restarts);
                _process = ProcessSpawner.Start(_spec);
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
        }
    }

    private async Task WaitForExitAsync()
    {
        Task exit = _process.WaitForExitAsync(_stopping.Token);
        if (_state.Ends > 0)
        {
            using CancellationTokenSource early = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            Task lived = Task.Delay(LivedLong, _time, early.Token);
            if (await Task.WhenAny(exit, lived) == lived && lived.IsCompletedSuccessfully)
            {
                _state = new ProcessState(_time.GetUtcNow(), Ends: 0);
            }
            await early.CancelAsync();
        }
        await exit;
    }

    private async Task StopAsync()
    {
        Terminate();
        using CancellationTokenSource limit = new(StopTimeout, _time);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);
}

/// <summary>How a supervised process fares.</summary>
/// <param name="Since">When it began to run well, or ended for the first time since it did.</param>
/// <param name="Ends">How often it ended since it last ran well; 0 while it does.</param>
internal sealed record ProcessState(DateTimeOffset Since, int Ends);
