using Serverless.Vectors.Kernels;
using Xunit;

namespace Serverless.Unit.Vectors.Kernels;

/// <summary>Every path that this machine has gives exactly what the scalar one gives.</summary>
public sealed unsafe class KernelTests
{
    private static readonly int[] Strides = [64, 128, 192, 384, 448, 1024, 4096];
    private static readonly int[] Words = [1, 2, 3, 6, 7, 12, 31, 32, 64];

    [Fact]
    public void Avx2_MatchesScalar() => Compare<Avx2Kernel, Avx2Kernel>();

    [Fact]
    public void Avx512_MatchesScalar() => Compare<Avx512Kernel, Avx512Kernel>();

    [Fact]
    public void Vnni_MatchesScalar() => Compare<VnniKernel, Avx2Kernel>();

    [Fact]
    public void Arm_MatchesScalar() => Compare<ArmKernel, ArmKernel>();

    [Fact]
    public void ArmDot_MatchesScalar() => Compare<ArmDotKernel, ArmKernel>();

    [Theory]
    [InlineData(-127, -127), InlineData(127, 127), InlineData(127, -127)]
    public void Chosen_OfTheLargestCodes_NeitherSaturatesNorOverflows(int row, int query)
    {
        const int stride = 4096;
        sbyte[] codes = new sbyte[stride],
            asked = new sbyte[stride];
        Array.Fill(codes, (sbyte)row);
        Array.Fill(asked, (sbyte)query);
        int[] dots = new int[1];

        fixed (
            sbyte* a = codes,
                b = asked
        )
        {
            RowScans.Dots(a, stride, [0], b, dots);
        }

        Assert.Equal(stride * row * query, dots[0]);
    }

    [Fact]
    public void Near_WithAMask_FindsOnlyWhatIsAskedFor()
    {
        Random random = new(5);
        const int words = 3,
            blocks = 8;
        ulong[] signs = Bits(random, blocks * 8 * words),
            query = Bits(random, words);
        byte[] mask = [0, 0xFF, 1, 0x80, 0, 0x55, 0xAA, 0];
        int* rows = stackalloc int[blocks * 8];
        int* distances = stackalloc int[blocks * 8];

        int found;
        fixed (
            ulong* s = signs,
                q = query
        )
        fixed (byte* m = mask)
        {
            found = RowScans.Near(new SignRun(s, words, m, 0, blocks), q, words * 64, rows, distances);
        }

        int[] asked = [.. Enumerable.Range(0, blocks * 8).Where(row => (mask[row / 8] >> row % 8 & 1) != 0)];
        Assert.Equal(asked, new Span<int>(rows, found).ToArray());
    }

    private static void Compare<TDot, TSign>()
        where TDot : struct, IDotKernel
        where TSign : struct, ISignKernel
    {
        Assert.SkipUnless(TDot.IsSupported && TSign.IsSupported, $"This machine has no {typeof(TDot).Name}.");
        Random random = new(7);
        foreach (int stride in Strides)
        {
            sbyte[] row = Codes(random, stride),
                query = Codes(random, stride);
            fixed (
                sbyte* a = row,
                    b = query
            )
            {
                Assert.Equal(ScalarKernel.Dot(a, b, stride), TDot.Dot(a, b, stride) - TDot.Excess(b, stride));
            }
        }
        foreach (int words in Words)
        {
            CompareSigns<TSign>(Bits(random, 8 * words), Bits(random, words), words);
        }
    }

    private static void CompareSigns<TSign>(ulong[] block, ulong[] query, int words)
        where TSign : struct, ISignKernel
    {
        long* expected = stackalloc long[8];
        long* found = stackalloc long[8];
        fixed (
            ulong* b = block,
                q = query
        )
        {
            for (long limit = -1; limit <= words * 64; limit += 5)
            {
                uint near = ScalarKernel.Near(b, q, words, limit, expected);

                Assert.Equal(near, TSign.Near(b, q, words, limit, found));
                for (int row = 0; near != 0 && row < 8; row++)
                {
                    Assert.Equal(expected[row], found[row]);
                }
            }
        }
    }

    private static sbyte[] Codes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 128))];

    private static ulong[] Bits(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64() << 1)];
}
