namespace Serverless.Vectors.Kernels;

/// <summary>Dot products of the listed rows with the query, one each.</summary>
internal unsafe delegate void DotRows(sbyte* codes, int stride, ReadOnlySpan<int> rows, sbyte* query, Span<int> dots);

/// <summary>
/// Rows of the blocks that are not farther than the limit, with their distances. A mask has a bit for each row that is asked for; null
/// asks for all. Says how many were found.
/// </summary>
internal unsafe delegate int NearRows(SignRun run, ulong* query, long limit, int* rows, int* distances);

internal readonly unsafe struct SignRun(ulong* signs, int words, byte* mask, int firstBlock, int blocks)
{
    public ulong* Signs => signs;
    public int Words => words;
    public byte* Mask => mask;
    public int FirstBlock => firstBlock;
    public int Blocks => blocks;
}

/// <summary>The kernels that this machine runs best, chosen once.</summary>
internal static unsafe class RowScans
{
    /// <summary>Far enough that a row has come from memory when its turn comes.</summary>
    private const int RowsAhead = 12;

    public static DotRows Dots { get; } =
        ArmDotKernel.IsSupported ? Dot<ArmDotKernel>
        : ArmKernel.IsSupported ? Dot<ArmKernel>
        : VnniKernel.IsSupported ? Dot<VnniKernel>
        : Avx512Kernel.IsSupported ? Dot<Avx512Kernel>
        : Avx2Kernel.IsSupported ? Dot<Avx2Kernel>
        : Dot<ScalarKernel>;

    public static NearRows Near { get; } =
        ArmKernel.IsSupported ? Nearest<ArmKernel>
        : Avx512Kernel.IsSupported ? Nearest<Avx512Kernel>
        : Avx2Kernel.IsSupported ? Nearest<Avx2Kernel>
        : Nearest<ScalarKernel>;

    private static void Dot<TKernel>(sbyte* codes, int stride, ReadOnlySpan<int> rows, sbyte* query, Span<int> dots)
        where TKernel : struct, IDotKernel
    {
        int excess = TKernel.Excess(query, stride);
        for (int i = -RowsAhead; i < rows.Length; i++)
        {
            if (i + RowsAhead < rows.Length)
            {
                Prefetch.Row(codes + (long)rows[i + RowsAhead] * stride, stride);
            }
            if (i >= 0)
            {
                dots[i] = TKernel.Dot(codes + (long)rows[i] * stride, query, stride) - excess;
            }
        }
    }

    private static int Nearest<TKernel>(SignRun run, ulong* query, long limit, int* rows, int* distances)
        where TKernel : struct, ISignKernel
    {
        long* found = stackalloc long[ISignKernel.Rows];
        int count = 0;
        for (int block = run.FirstBlock; block < run.FirstBlock + run.Blocks; block++)
        {
            uint asked = run.Mask is null ? 0xFFu : run.Mask[block];
            if (asked == 0)
            {
                continue;
            }
            uint near = asked & TKernel.Near(run.Signs + (long)block * ISignKernel.Rows * run.Words, query, run.Words, limit, found);
            for (; near != 0; near &= near - 1)
            {
                int lane = System.Numerics.BitOperations.TrailingZeroCount(near);
                rows[count] = block * ISignKernel.Rows + lane;
                distances[count++] = (int)found[lane];
            }
        }
        return count;
    }
}
