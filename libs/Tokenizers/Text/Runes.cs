using System.Buffers;
using System.Text;

namespace Serverless.Tokenizers.Text;

internal static class Runes
{
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }
        return count;
    }

    public static bool CountIsOver(ReadOnlySpan<char> text, int limit)
    {
        // A rune is at most two units, so a long text need not be counted.
        return text.Length / 2 > limit || Count(text) > limit;
    }

    /// <summary>The units of the rune at the start of a text, 1 for a lone surrogate.</summary>
    public static int FirstLength(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out _, out int units) == OperationStatus.Done ? units : Math.Min(1, text.Length);

    /// <summary>The units of the rune at the end of a text, 1 for a lone surrogate.</summary>
    public static int LastLength(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out _, out int units) == OperationStatus.Done ? units : Math.Min(1, text.Length);
}
