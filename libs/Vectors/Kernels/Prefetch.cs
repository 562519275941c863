using System.Runtime.Intrinsics.X86;

namespace Serverless.Vectors.Kernels;

/// <summary>
/// Asks for the cache lines of a row before its turn: into the second level, which can wait for more lines at once than the first.
/// Elsewhere than on x86 the processor is left to itself.
/// </summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    public static void Row(void* start, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (int at = 0; at < bytes; at += LineBytes)
            {
                Sse.Prefetch1((byte*)start + at);
            }
        }
    }
}
