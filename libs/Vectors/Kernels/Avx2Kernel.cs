using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Vectors.Kernels;

/// <summary>
/// Codes are widened to 16 bits, where a sum of two products cannot saturate as vpmaddubsw's does. Bits are counted by a table of
/// nibbles: W. Muła, N. Kurz, D. Lemire, Faster Population Counts Using AVX2 Instructions, 2018.
/// </summary>
internal readonly unsafe struct Avx2Kernel : IDotKernel, ISignKernel
{
    public static bool IsSupported => Avx2.IsSupported;

    private static Vector256<byte> BitsOfNibble =>
        Vector256.Create(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, (byte)4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector256<int> even = Vector256<int>.Zero,
            odd = Vector256<int>.Zero;
        for (int i = 0; i < bytes; i += 32)
        {
            even += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Avx2.ConvertToVector256Int16(query + i));
            odd += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i + 16), Avx2.ConvertToVector256Int16(query + i + 16));
        }
        return Vector256.Sum(even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Near(ulong* block, ulong* query, int words, long limit, long* distances)
    {
        Vector256<long> first = Vector256<long>.Zero,
            second = Vector256<long>.Zero;
        for (int word = 0; word < words; word++)
        {
            Vector256<ulong> wanted = Vector256.Create(query[word]);
            first += Count(Vector256.Load(block + word * ISignKernel.Rows) ^ wanted);
            second += Count(Vector256.Load(block + word * ISignKernel.Rows + 4) ^ wanted);
        }
        Vector256<long> limits = Vector256.Create(limit);
        uint far =
            Vector256.ExtractMostSignificantBits(Vector256.GreaterThan(first, limits))
            | Vector256.ExtractMostSignificantBits(Vector256.GreaterThan(second, limits)) << 4;
        if (far != 0xFF)
        {
            first.Store(distances);
            second.Store(distances + 4);
        }
        return far ^ 0xFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Count(Vector256<ulong> bits)
    {
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        Vector256<byte> low = Avx2.Shuffle(BitsOfNibble, bits.AsByte() & nibble);
        Vector256<byte> high = Avx2.Shuffle(BitsOfNibble, Vector256.ShiftRightLogical(bits, 4).AsByte() & nibble);
        return Avx2.SumAbsoluteDifferences(low + high, Vector256<byte>.Zero).AsInt64();
    }
}
