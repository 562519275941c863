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

    public static IReadOnlyList<TextRange> Split(string text, int maxLength, ReadingSteps steps)
    {
        var sentences = new List<TextRange>();
        int start = 0;
        for (int at = 0; at < text.Length; )
        {
            char c = text[at];
            if (c == '\n')
            {
                Add(sentences, text, start, at, maxLength);
                start = ++at;
            }
            else if (IsTerminator(c))
            {
                (int end, bool ends) = Terminators(text, start, at);
                steps.Take(end - at);
                if (ends)
                {
                    Add(sentences, text, start, end, maxLength);
                    start = end;
                }
                at = end;
            }
            else
            {
                at++;
            }
        }

        steps.Take(text.Length);
        Add(sentences, text, start, text.Length, maxLength);
        return sentences;
    }

    /// <summary>Where the terminators at a place and the closing marks behind them end, and whether a sentence ends there.</summary>
    private static (int End, bool EndsSentence) Terminators(string text, int sentenceStart, int at)
    {
        int end = at;
        bool strong = false;
        while (end < text.Length && IsTerminator(text[end]))
        {
            strong |= Strong.Contains(text[end]);
            end++;
        }
        bool run = end - at > 1;
        while (end < text.Length && Closing.Contains(text[end]))
        {
            end++;
        }

        if (strong || end == text.Length || text[end] == '\n')
        {
            return (end, true);
        }
        if (!char.IsWhiteSpace(text[end]))
        {
            return (end, IsCjk(text[end]) && IsCjk(text[Math.Max(at - 1, 0)]));
        }

        int next = end + 1;
        while (next < text.Length && IsOpening(text[next]))
        {
            next++;
        }
        bool goesOn = next < text.Length && char.IsLower(text[next]);
        return (end, !goesOn && (text[at] != '.' || run || !Abbreviations.EndAt(text, sentenceStart, at, end, next)));
    }

    private static bool IsTerminator(char c) => Spaced.Contains(c) || Strong.Contains(c);

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
