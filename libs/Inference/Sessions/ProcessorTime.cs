using System.Globalization;
using System.Runtime.InteropServices;

namespace Serverless.Inference.Sessions;

/// <summary>
/// How long ONNX Runtime has kept processors busy: the threads that call it, while they are inside <c>Run</c>, and the threads of its own
/// pool, which do nothing else and sleep when idle. Linux only, elsewhere nothing is counted. Thread-safe.
/// </summary>
internal static partial class ProcessorTime
{
    private const string PoolName = "onnxruntime"; // at most 15 characters, prctl(2)
    private const int ThisThread = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int SetName = 15; // PR_SET_NAME

    private static int[] _pool = [];
    private static long _callersNanoseconds;

    /// <summary>Of the whole process so far.</summary>
    public static TimeSpan Total =>
        TimeSpan.FromTicks((Interlocked.Read(ref _callersNanoseconds) + PoolNanoseconds) / TimeSpan.NanosecondsPerTick);

    /// <summary>Of the pool's threads alone.</summary>
    public static long PoolNanoseconds => _pool.Sum(thread => Read(ClockOf(thread)));

    /// <summary>Makes the pool. Threads inherit the name of the one that starts them, by which they are known afterwards.</summary>
    public static void WatchPool(Action create)
    {
        if (!OperatingSystem.IsLinux())
        {
            create();
            return;
        }
        string own = File.ReadAllText("/proc/thread-self/comm").TrimEnd();
        Control(SetName, PoolName);
        try
        {
            create();
        }
        finally
        {
            Control(SetName, own);
        }
        _pool =
        [
            .. Directory
                .EnumerateDirectories("/proc/self/task")
                .Where(IsOfPool)
                .Select(task => int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>To be handed to <see cref="Add"/> by the same thread.</summary>
    public static long Start() => OperatingSystem.IsLinux() ? Read(ThisThread) : 0;

    /// <returns>Nanoseconds since the start.</returns>
    public static long Add(long start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }
        long spent = Read(ThisThread) - start;
        Interlocked.Add(ref _callersNanoseconds, spent);
        return spent;
    }

    private static bool IsOfPool(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == PoolName;
        }
        catch (IOException)
        {
            return false; // a thread that has just ended
        }
    }

    // MAKE_THREAD_CPUCLOCK of linux/posix-timers_types.h, as pthread_getcpuclockid(3) makes it.
    private static int ClockOf(int thread) => (~thread << 3) | 6;

    private static long Read(int clock) => ReadClock(clock, out TimeSpec time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds,
            Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "prctl", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Control(int operation, string name);
}
