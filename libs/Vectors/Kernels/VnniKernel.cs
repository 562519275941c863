using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Vectors.Kernels;

/// <summary>
/// vpdpbusd multiplies unsigned by signed bytes and adds four products to 32 bits without saturating. A row's codes become unsigned by
/// adding 128, which adds 128 · Σ query to every sum. .NET 10 offers it 256 bits wide.
/// </summary>
internal readonly unsafe struct VnniKernel : IDotKernel
{
    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Excess(sbyte* query, int bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes; i++)
        {
            sum += query[i];
        }
        return 128 * sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector256<byte> offset = Vector256.Create((byte)0x80);
        Vector256<int> even = Vector256<int>.Zero,
            odd = Vector256<int>.Zero;
        for (int i = 0; i < bytes; i += 64)
        {
            even = AvxVnni.MultiplyWideningAndAdd(even, Vector256.Load(row + i).AsByte() ^ offset, Vector256.Load(query + i));
            odd = AvxVnni.MultiplyWideningAndAdd(odd, Vector256.Load(row + i + 32).AsByte() ^ offset, Vector256.Load(query + i + 32));
        }
        return Vector256.Sum(even + odd);
    }
}
