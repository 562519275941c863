using System.Globalization;
using System.Runtime.InteropServices;

namespace Serverless.Validation.Trials;

/// <summary>What a process on trial gives up before it reads a byte of the model.</summary>
internal static partial class Isolation
{
    private const int StandardOutput = 1,
        StandardError = 2;

    /// <summary>A third of the weight of a process that serves; sched(7).</summary>
    public const int Niceness = 5;

    private const int PriorityOfThread = 0; // PRIO_PROCESS, which on Linux means a thread; setpriority(2)
    private const int LimitProcessor = 0,
        LimitData = 2,
        LimitCore = 4; // RLIMIT_CPU, RLIMIT_DATA, RLIMIT_CORE; setrlimit(2)

    /// <summary>Between the signal that ends the process, and the one that does so where code ignores the first.</summary>
    private const int ProcessorGrace = 5;

    /// <summary>
    /// A session of its own, so that all it starts ends with it; no core file; at most so many bytes of writable memory, above which
    /// allocations fail (mappings that .NET only reserves do not count); at most so many seconds of processors, of all its threads
    /// together, after which the kernel ends it; first in line should the machine run out; and behind those who serve callers for
    /// processors, as are all threads that this one starts. What native code prints goes to standard error; answered is the descriptor of
    /// the real output.
    /// </summary>
    public static int Begin(long maxDataBytes, long maxProcessorSeconds)
    {
        _ = SetSession();
        _ = SetPriority(PriorityOfThread, 0, Niceness);
        int output = Duplicate(StandardOutput);
        _ = DuplicateTo(StandardError, StandardOutput);
        SetLimit(LimitCore, 0, 0);
        SetLimit(LimitData, (ulong)maxDataBytes, (ulong)maxDataBytes);
        SetLimit(LimitProcessor, (ulong)maxProcessorSeconds, (ulong)maxProcessorSeconds + ProcessorGrace);
        if (File.Exists("/proc/self/oom_score_adj"))
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        return output;
    }

    /// <summary>At once, whatever other threads do.</summary>
    public static void End() => ExitNow(0);

    /// <summary>The most that this process ever had resident.</summary>
    public static long PeakBytes()
    {
        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(6).Trim()[..^3].Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    public static void KillGroup(int leader)
    {
        const int kill = 9;
        _ = Signal(-leader, kill);
    }

    private static void SetLimit(int resource, ulong soft, ulong hard)
    {
        Limit limit = new() { Soft = soft, Hard = hard };
        if (SetResourceLimit(resource, limit) != 0)
        {
            throw new InvalidOperationException(
                $"The limit {resource} could not be set to {soft} (errno {Marshal.GetLastPInvokeError()})."
            );
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int value);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetResourceLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
