using System.Runtime.InteropServices;

namespace Serverless.Inference.Sessions;

/// <summary>
/// What native code freed and the C library keeps for later: a closed model's weights should go back to the system, not count as memory in
/// use for ever.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Some milliseconds; does nothing where the C library has no such call (musl, other systems).</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            _ = TrimAll(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl gives memory back by itself
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAll(nuint pad);
}
