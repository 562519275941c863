using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Vectors.Kernels;

/// <summary>
/// As <see cref="Avx2Kernel"/>, twice as wide: one register holds a word of all eight rows. .NET 10 offers no 512-bit population count.
/// </summary>
internal readonly unsafe struct Avx512Kernel : IDotKernel, ISignKernel
{
    /// <summary>Sums of bits stay in bytes for so many words: 30 · 8 is the last number of threes that fits.</summary>
    private const int WordsABatch = 30;

    /// <summary>Tables of vpternlogq: a full adder of three bits.</summary>
    private const byte Odd = 0x96;

    private const byte Majority = 0xE8;

    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>
    /// Of 0 to 15, four times. Whole constants, which a loop keeps in a register: a table put together of parts was made anew each turn.
    /// </summary>
    private static Vector512<byte> BitsOfNibble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Low, High, Low, High, Low, High, Low, High).AsByte();
    }

    private const ulong Low = 0x0302_0201_0201_0100;
    private const ulong High = 0x0403_0302_0302_0201;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        Vector512<int> even = Vector512<int>.Zero,
            odd = Vector512<int>.Zero;
        for (int i = 0; i < bytes; i += 64)
        {
            even += Avx512BW.MultiplyAddAdjacent(Widen(row + i), Widen(query + i));
            odd += Avx512BW.MultiplyAddAdjacent(Widen(row + i + 32), Widen(query + i + 32));
        }
        return Vector512.Sum(even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Near(ulong* block, ulong* query, int words, long limit, long* distances)
    {
        Vector512<long> sums = Vector512<long>.Zero;
        for (int from = 0; from < words; from += WordsABatch)
        {
            Vector512<byte> bytes = Vector512<byte>.Zero;
            int to = Math.Min(words, from + WordsABatch);
            int word = from;
            for (; word + 3 <= to; word += 3)
            {
                Vector512<ulong> a = Unlike(block, query, word),
                    b = Unlike(block, query, word + 1),
                    c = Unlike(block, query, word + 2);
                Vector512<byte> twos = Count(Avx512F.TernaryLogic(a, b, c, Majority));
                bytes += Count(Avx512F.TernaryLogic(a, b, c, Odd)) + (twos + twos);
            }
            for (; word < to; word++)
            {
                bytes += Count(Unlike(block, query, word));
            }
            sums += Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsInt64();
        }
        uint near = (uint)Vector512.LessThanOrEqual(sums, Vector512.Create(limit)).ExtractMostSignificantBits();
        if (near != 0)
        {
            sums.Store(distances);
        }
        return near;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Widen(sbyte* codes) => Avx512BW.ConvertToVector512Int16(Vector256.Load(codes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Unlike(ulong* block, ulong* query, int word) =>
        Vector512.Load(block + word * ISignKernel.Rows) ^ Vector512.Create(query[word]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Count(Vector512<ulong> bits)
    {
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> low = Avx512BW.Shuffle(BitsOfNibble, bits.AsByte() & nibble);
        Vector512<byte> high = Avx512BW.Shuffle(BitsOfNibble, Vector512.ShiftRightLogical(bits, 4).AsByte() & nibble);
        return low + high;
    }
}
