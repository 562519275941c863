namespace Serverless.Vectors.Kernels;

/// <summary>
/// Hamming distances of eight rows of sign bits to a query's. A block holds word 0 of its eight rows, then word 1 of them, and so on, so
/// that eight rows are counted side by side without adding across a register.
/// </summary>
internal unsafe interface ISignKernel
{
    const int Rows = 8;

    static abstract bool IsSupported { get; }

    /// <summary>A bit for each row not farther than <paramref name="limit"/>; distances are written where there is one.</summary>
    static abstract uint Near(ulong* block, ulong* query, int words, long limit, long* distances);
}
