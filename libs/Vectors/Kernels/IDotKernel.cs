namespace Serverless.Vectors.Kernels;

/// <summary>
/// The exact integer dot product of a row of codes and a query's codes, each from -127 to 127. Both are padded with zeros to
/// a multiple of 64 bytes. Exact while bytes · 127² fits in 32 bits: up to 133,000 dimensions.
/// </summary>
internal unsafe interface IDotKernel
{
    static abstract bool IsSupported { get; }

    /// <summary>What <see cref="Dot"/> is too large by for every row.</summary>
    static virtual int Excess(sbyte* query, int bytes) => 0;

    static abstract int Dot(sbyte* row, sbyte* query, int bytes);
}
