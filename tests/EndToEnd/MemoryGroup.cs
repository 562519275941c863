using System.Globalization;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// A control group of Linux with a limit of memory: what processes in it take beyond, the kernel ends one of them for. Of version 2 where
/// that is mounted (Documentation/admin-guide/cgroup-v2.rst), else of version 1. Tests skip where this machine lets them make none.
/// </summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Mount = "/sys/fs/cgroup";
    private const string Version1 = $"{Mount}/memory";

    private readonly bool _isVersion2;

    private MemoryGroup(string folder, bool isVersion2) => (Folder, _isVersion2) = (folder, isVersion2);

    public string Folder { get; }

    /// <summary>Processes that the kernel has ended.</summary>
    public long Kills => _isVersion2 ? NumberIn("memory.events", "oom_kill ") : NumberIn("memory.oom_control", "oom_kill ");

    /// <summary>
    /// The most that all of them took together, files that the kernel keeps for them among it. Null where version 2 is of a kernel before
    /// 5.19, which does not tell.
    /// </summary>
    public long? PeakBytes =>
        !_isVersion2 ? NumberIn("memory.max_usage_in_bytes", "")
        : File.Exists(Path.Combine(Folder, "memory.peak")) ? NumberIn("memory.peak", "")
        : null;

    public static MemoryGroup Make(string name, long maxBytes)
    {
        bool isVersion2 = File.Exists($"{Mount}/cgroup.controllers");
        Assert.SkipUnless(
            isVersion2 || File.Exists($"{Version1}/memory.limit_in_bytes"),
            $"{Mount} has neither cgroup.controllers (control groups of version 2) nor memory/memory.limit_in_bytes (version 1)."
        );
        string parent = isVersion2 ? ParentOfOwn(File.ReadAllLines("/proc/self/cgroup")) : Version1;
        MemoryGroup group = new(Path.Combine(parent, $"serverless-{Environment.ProcessId}-{name}"), isVersion2);
        try
        {
            group.Limit(parent, maxBytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group.Dispose();
            string hint = isVersion2 ? " As root, or by `systemd-run --user --scope make drills`, it can." : "";
            Assert.Skip($"No control group of version {(isVersion2 ? 2 : 1)} with a limit can be made in {parent}: {e.Message}{hint}");
        }
        return group;
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
            // One of them has not quite ended, and an empty group does no harm; or it was never made.
        }
    }

    /// <summary>
    /// Of version 2. Beside our own group: whoever is not root may move processes only below a group that is theirs, and one that has
    /// processes itself, as ours, may not hand a controller on. The root may.
    /// </summary>
    private static string ParentOfOwn(string[] groups)
    {
        string own = groups.Single(line => line.StartsWith("0::", StringComparison.Ordinal))["0::".Length..];
        return Mount + (Path.GetDirectoryName(own) ?? "").TrimEnd('/');
    }

    private void Limit(string parent, string maxBytes)
    {
        if (!_isVersion2)
        {
            Directory.CreateDirectory(Folder);
            Write(Folder, "memory.limit_in_bytes", maxBytes);
            return;
        }
        if (!Lists(parent, "cgroup.controllers"))
        {
            throw new IOException("its cgroup.controllers does not list memory.");
        }
        if (!Lists(parent, "cgroup.subtree_control"))
        {
            Write(parent, "cgroup.subtree_control", "+memory");
        }
        Directory.CreateDirectory(Folder);
        Write(Folder, "memory.max", maxBytes);
        if (File.Exists(Path.Combine(Folder, "memory.swap.max")))
        {
            Write(Folder, "memory.swap.max", "0"); // else what is beyond the limit is swapped out
        }
    }

    private static bool Lists(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Split().Contains("memory");

    private static void Write(string folder, string file, string value) => File.WriteAllText(Path.Combine(folder, file), value);

    private long NumberIn(string file, string before)
    {
        string line = File.ReadLines(Path.Combine(Folder, file)).Single(text => text.StartsWith(before, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(before.Length), CultureInfo.InvariantCulture);
    }
}
