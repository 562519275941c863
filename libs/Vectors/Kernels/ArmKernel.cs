using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Serverless.Vectors.Kernels;

/// <summary>Every 64-bit Arm has the counting of bits by bytes; products are widened to 16 bits and added pairwise to 32.</summary>
internal readonly unsafe struct ArmKernel : IDotKernel, ISignKernel
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (int i = 0; i < bytes; i += 16)
        {
            Vector128<sbyte> a = Vector128.Load(row + i),
                b = Vector128.Load(query + i);
            sum = AdvSimd.AddPairwiseWideningAndAdd(sum, AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()));
            sum = AdvSimd.AddPairwiseWideningAndAdd(sum, AdvSimd.MultiplyWideningUpper(a, b));
        }
        return Vector128.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Near(ulong* block, ulong* query, int words, long limit, long* distances)
    {
        uint near = 0;
        for (int pair = 0; pair < ISignKernel.Rows; pair += 2)
        {
            Vector128<ulong> sum = Vector128<ulong>.Zero;
            for (int word = 0; word < words; word++)
            {
                Vector128<ulong> bits = Vector128.Load(block + word * ISignKernel.Rows + pair) ^ Vector128.Create(query[word]);
                Vector128<ushort> counts = AdvSimd.AddPairwiseWidening(AdvSimd.PopCount(bits.AsByte()));
                sum = AdvSimd.AddPairwiseWideningAndAdd(sum, AdvSimd.AddPairwiseWidening(counts));
            }
            Vector128<long> found = sum.AsInt64();
            found.Store(distances + pair);
            near |= Vector128.LessThanOrEqual(found, Vector128.Create(limit)).ExtractMostSignificantBits() << pair;
        }
        return near;
    }
}
