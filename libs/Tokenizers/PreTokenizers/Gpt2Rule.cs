using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>
/// GPT-2's splitting expression by hand: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ (a test holds it
/// against the expression).
/// </summary>
internal static class Gpt2Rule
{
    private const CharClass Kinds = CharClass.Letter | CharClass.Number | CharClass.Space;

    /// <summary>Where the piece that begins at <paramref name="start"/> ends.</summary>
    public static int EndOfPiece(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is var length and > 0)
        {
            return start + 1 + length;
        }
        int at = start;
        CharClass kind = CharClasses.Next(text, ref at) & Kinds;
        if (kind != CharClass.Space)
        {
            return EndOfRun(text, at, kind);
        }
        if (text[start] == ' ' && at < text.Length)
        {
            int second = at;
            CharClass next = CharClasses.Next(text, ref second) & Kinds;
            if (next != CharClass.Space)
            {
                return EndOfRun(text, second, next);
            }
        }
        int end = EndOfRun(text, at, CharClass.Space);
        // The last space before a word is left to it, unless it is all there is.
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int EndOfRun(ReadOnlySpan<char> text, int from, CharClass kind)
    {
        int end = from;
        while (end < text.Length)
        {
            int next = end;
            if ((CharClasses.Next(text, ref next) & Kinds) != kind)
            {
                break;
            }
            end = next;
        }
        return end;
    }

    private static int ContractionLength(ReadOnlySpan<char> text) =>
        text switch
        {
            ['s' or 't' or 'm' or 'd', ..] => 1,
            ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
            _ => 0,
        };
}
