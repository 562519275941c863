using System.Numerics;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>The rows of a view that a search may find.</summary>
/// <param name="Bits">A bit for each; null while that is all.</param>
internal readonly record struct AskedRows(RowsView View, ulong[]? Bits, int Count)
{
    public static AskedRows Of(RowsView view, VectorFilter? filter)
    {
        if (filter is null)
        {
            return new AskedRows(view, view.Alive, view.Live);
        }
        ulong[] bits = filter.BitsOf(view.Rows, view.Memory, view.Count);
        if (view.Alive is { } alive)
        {
            ulong[] both = new ulong[bits.Length];
            for (int i = 0; i < both.Length; i++)
            {
                both[i] = bits[i] & alive[i];
            }
            bits = both;
        }
        return new AskedRows(view, bits, CountOf(bits, view.Count));
    }

    /// <summary>Writes the asked rows from <paramref name="from"/> to the end of a run of whole words; says how many.</summary>
    public int List(int from, int to, Span<int> rows)
    {
        int count = 0;
        if (Bits is null)
        {
            for (int row = from; row < to; row++)
            {
                rows[count++] = row;
            }
            return count;
        }
        for (int word = from / 64; word < (to + 63) / 64; word++)
        {
            for (ulong left = Bits[word] & MaskOf(word, to); left != 0; left &= left - 1)
            {
                rows[count++] = word * 64 + BitOperations.TrailingZeroCount(left);
            }
        }
        return count;
    }

    private static int CountOf(ulong[] bits, int count)
    {
        int asked = 0;
        for (int word = 0; word < (count + 63) / 64; word++)
        {
            asked += BitOperations.PopCount(bits[word] & MaskOf(word, count));
        }
        return asked;
    }

    /// <summary>Bits of rows below the end.</summary>
    private static ulong MaskOf(int word, int end) => end - word * 64 >= 64 ? ulong.MaxValue : (1UL << (end - word * 64)) - 1;
}
