using System.Globalization;
using System.Text;

namespace Serverless.Inference.Text;

/// <summary>Scripts that put no spaces between words: those of the line breaking classes ID, CJ and SA (UAX #14), with the punctuation
/// that goes with them. Hangul is spaced, and full-width letters and digits are read like the ordinary ones.</summary>
internal static class UnspacedScripts
{
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x0E00, 0x0EFF), // Thai, Lao
        (0x1000, 0x109F), // Myanmar
        (0x1780, 0x17FF), // Khmer
        (0x1950, 0x19FF), // Tai Le, New Tai Lue, Khmer symbols
        (0x1A20, 0x1AAF), // Tai Tham
        (0x2E80, 0x312F), // radicals, ideographic punctuation, kana, Bopomofo
        (0x3190, 0x4DBF), // signs, strokes, enclosed and squared characters, ideographs
        (0x4E00, 0x9FFF), // ideographs
        (0xA9E0, 0xA9FF), // Myanmar
        (0xAA60, 0xAADF), // Myanmar, Tai Viet
        (0xF900, 0xFAFF), // ideographs
        (0xFE30, 0xFE4F), // vertical forms
        (0xFF00, 0xFF0F), // full-width punctuation, and half-width kana
        (0xFF1A, 0xFF20),
        (0xFF3B, 0xFF40),
        (0xFF5B, 0xFF9F),
        (0x1AFF0, 0x1B16F), // kana
        (0x20000, 0x3FFFF), // ideographs
    ];

    /// <summary>Whether a word may end between two neighbouring pieces of text although no space stands there.</summary>
    public static bool MayBreakBetween(ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        after = after.TrimStart();
        if (after.IsEmpty)
        {
            return false;
        }
        Rune.DecodeFromUtf16(after, out Rune first, out _);
        Rune.DecodeLastFromUtf16(before, out Rune last, out _);
        bool isMark = Rune.GetUnicodeCategory(first) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        return !isMark && (Contain(first) || Contain(last));
    }

    private static bool Contain(Rune rune)
    {
        foreach ((int first, int last) in Blocks)
        {
            if (rune.Value >= first && rune.Value <= last)
            {
                return true;
            }
        }
        return false;
    }
}
