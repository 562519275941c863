using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Vectors.Kernels;

/// <summary>
/// vpdpbusd multiplies unsigned by signed bytes and adds four products to 32 bits without saturating. A row's codes become unsigned by
/// adding 128, which adds 128 · Σ query to the sum; that is taken off again. .NET 10 offers it 256 bits wide.
/// </summary>
internal readonly unsafe struct VnniKernel : IDotKernel
{
    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector256<byte> offset = Vector256.Create((byte)0x80);
        Vector256<int> even = Vector256<int>.Zero,
            odd = Vector256<int>.Zero,
            added = Vector256<int>.Zero;
        for (int i = 0; i < bytes; i += 64)
        {
            Vector256<sbyte> low = Vector256.Load(query + i),
                high = Vector256.Load(query + i + 32);
            even = AvxVnni.MultiplyWideningAndAdd(even, Vector256.Load(row + i).AsByte() ^ offset, low);
            odd = AvxVnni.MultiplyWideningAndAdd(odd, Vector256.Load(row + i + 32).AsByte() ^ offset, high);
            added = AvxVnni.MultiplyWideningAndAdd(added, offset, low);
            added = AvxVnni.MultiplyWideningAndAdd(added, offset, high);
        }
        return Vector256.Sum(even + odd - added);
    }
}
