using System.Runtime.CompilerServices;
using System.Text;

namespace Serverless.Tokenizers.Patterns;

/// <summary>A set of runes: a table for the Basic Multilingual Plane, a predicate beyond.</summary>
internal sealed class RuneSet
{
    private readonly Func<int, bool> _contains;
    private readonly ulong[] _units = new ulong[(char.MaxValue + 1) / 64];

    public RuneSet(Func<int, bool> contains)
    {
        _contains = contains;
        for (int i = 0; i <= char.MaxValue; i++)
        {
            if (!char.IsSurrogate((char)i) && contains(i))
            {
                _units[i >> 6] |= 1UL << (i & 63);
            }
        }
    }

    /// <summary>The length in units of the rune at <paramref name="index"/> if it is in the set, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MatchAt(ReadOnlySpan<char> text, int index)
    {
        if ((uint)index >= (uint)text.Length)
        {
            return 0;
        }
        char unit = text[index];
        if (!char.IsSurrogate(unit))
        {
            return (int)(_units[unit >> 6] >> (unit & 63)) & 1;
        }
        return MatchPair(text, index);
    }

    private int MatchPair(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeFromUtf16(text[index..], out Rune rune, out int units) == System.Buffers.OperationStatus.Done && _contains(rune.Value)
            ? units
            : 0;
}
