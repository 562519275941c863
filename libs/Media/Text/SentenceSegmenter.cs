using System.Globalization;

namespace Serverless.Media.Text;

/// <summary>Rule-based sentence boundaries for text of any script, after the ideas of UAX #29 §5 and of pySBD (Sadvilkar and Neumann,
/// 2020, MIT): a terminator ends a sentence unless an abbreviation, an initial, a number or a lower-case word says otherwise.</summary>
internal static class SentenceSegmenter
{
    // Terminators that need no space after them: ideographic, Devanagari, Armenian, Ethiopic, Khmer, Burmese, Tibetan, half-width.
    private const string Strong = "。！？｡．।॥։።፧፨។៕။༎‼⁇⁈⁉";

    private const string Spaced = ".!?…؟۔";

    private const string Closing = "\"'”’»›)]}」』）】》〉〕］\u2019";

    public static IReadOnlyList<TextRange> Split(string text, int maxLength)
    {
        var sentences = new List<TextRange>();
        int start = 0;
        for (int at = 0; at < text.Length; )
        {
            if (text[at] == '\n')
            {
                Add(sentences, text, start, at, maxLength);
                start = ++at;
                continue;
            }

            int end = Boundary(text, start, at);
            if (end > 0)
            {
                Add(sentences, text, start, end, maxLength);
                start = at = end;
            }
            else
            {
                at++;
            }
        }

        Add(sentences, text, start, text.Length, maxLength);
        return sentences;
    }

    /// <summary>Where the sentence ends whose terminator stands at a place; zero if none ends there.</summary>
    private static int Boundary(string text, int sentenceStart, int at)
    {
        char c = text[at];
        bool strong = Strong.Contains(c);
        if (!strong && !Spaced.Contains(c))
        {
            return 0;
        }

        int end = at + 1;
        while (end < text.Length && (Spaced.Contains(text[end]) || Strong.Contains(text[end])))
        {
            end++;
        }
        bool run = end - at > 1;
        while (end < text.Length && Closing.Contains(text[end]))
        {
            end++;
        }

        if (end == text.Length || text[end] == '\n')
        {
            return end;
        }
        if (strong)
        {
            return end;
        }
        if (!char.IsWhiteSpace(text[end]))
        {
            return IsCjk(text[end]) && IsCjk(text[Math.Max(at - 1, 0)]) ? end : 0;
        }

        int next = end + 1;
        while (next < text.Length && IsOpening(text[next]))
        {
            next++;
        }
        if (next < text.Length && char.IsLower(text[next]))
        {
            return 0;
        }
        if (c == '.' && !run && Abbreviations.EndAt(text, sentenceStart, at, end, next))
        {
            return 0;
        }
        return end;
    }

    private static void Add(List<TextRange> sentences, string text, int start, int end, int maxLength)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        while (end - start > maxLength)
        {
            int cut = text.LastIndexOf(' ', start + maxLength - 1, maxLength / 2);
            if (cut <= start)
            {
                cut = start + maxLength - (char.IsHighSurrogate(text[start + maxLength - 1]) ? 1 : 0);
            }
            sentences.Add(new TextRange(start, cut - start));
            start = cut;
            while (start < end && text[start] == ' ')
            {
                start++;
            }
        }

        if (end > start)
        {
            sentences.Add(new TextRange(start, end - start));
        }
    }

    private static bool IsOpening(char c) =>
        c is '"' or '\'' or '¿' or '¡'
        || char.GetUnicodeCategory(c) is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation;

    private static bool IsCjk(char c) =>
        c is >= '\u2E80' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF';
}
