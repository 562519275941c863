using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Serverless.Vectors.Kernels;

/// <summary>sdot adds four products of signed bytes to 32 bits.</summary>
internal readonly unsafe struct ArmDotKernel : IDotKernel
{
    public static bool IsSupported => Dp.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector128<int> even = Vector128<int>.Zero,
            odd = Vector128<int>.Zero;
        for (int i = 0; i < bytes; i += 32)
        {
            even = Dp.DotProduct(even, Vector128.Load(row + i), Vector128.Load(query + i));
            odd = Dp.DotProduct(odd, Vector128.Load(row + i + 16), Vector128.Load(query + i + 16));
        }
        return Vector128.Sum(even + odd);
    }
}
