using System.Globalization;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// A control group of Linux (version 1) with a limit of memory: what processes in it take beyond, the kernel ends one of them for. Tests
/// skip where this machine lets them make none.
/// </summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup/memory";

    private MemoryGroup(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Processes that the kernel has ended.</summary>
    public long Kills => NumberIn("memory.oom_control", "oom_kill ");

    /// <summary>The most that all of them took together, files that the kernel keeps for them among it.</summary>
    public long PeakBytes => NumberIn("memory.max_usage_in_bytes", "");

    public static MemoryGroup Make(string name, long maxBytes)
    {
        string folder = Path.Combine(Root, $"serverless-{Environment.ProcessId}-{name}");
        bool isThere = File.Exists(Path.Combine(Root, "memory.limit_in_bytes"));
        Assert.SkipUnless(isThere, $"{Root} is no hierarchy of control groups, version 1.");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "memory.limit_in_bytes"), maxBytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"No control group can be made below {Root}: {e.Message}");
        }
        return new MemoryGroup(folder);
    }

    /// <summary>Once the processes in it have ended.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder);
        }
        catch (IOException)
        {
            // One of them has not quite ended; an empty group does no harm.
        }
    }

    private long NumberIn(string file, string before)
    {
        string line = File.ReadLines(Path.Combine(Folder, file)).Single(text => text.StartsWith(before, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(before.Length), CultureInfo.InvariantCulture);
    }
}
