using Serverless.Vectors.Kernels;

namespace Serverless.Vectors.Rows;

/// <summary>
/// Where what is scanned of so many rows lies, the same in memory and in a file: codes (padded to 64 bytes a row), scales, sign bits (in
/// blocks of eight rows, see <see cref="ISignKernel"/>) and kinds. 384 dimensions take 437 bytes a row.
/// </summary>
internal readonly struct RowLayout
{
    /// <summary>Rows are padded to this number, so that bitmaps and blocks end with a word.</summary>
    private const int Together = 64;

    public RowLayout(int dimensions, int rows)
    {
        Dimensions = dimensions;
        Padded = Math.Max(Together, (rows + Together - 1) / Together * Together);
    }

    public int Dimensions { get; }
    public int Padded { get; }
    public int CodeBytes => StrideOf(Dimensions);
    public int SignWords => WordsOf(Dimensions);
    public long ScalesAt => (long)Padded * CodeBytes;
    public long SignsAt => ScalesAt + (long)Padded * sizeof(float);
    public long KindsAt => SignsAt + (long)Padded * SignWords * sizeof(ulong);
    public long Bytes => KindsAt + Padded;

    public static int StrideOf(int dimensions) => (dimensions + Together - 1) / Together * Together;

    public static int WordsOf(int dimensions) => (dimensions + 63) / 64;

    /// <summary>Index of a row's word of sign bits.</summary>
    public static long SignWord(int row, int word, int words) =>
        (long)(row / ISignKernel.Rows) * ISignKernel.Rows * words + word * ISignKernel.Rows + row % ISignKernel.Rows;
}
