using System.Globalization;
using System.Text;
using Serverless.Captures;

namespace Serverless.Exports.Rows;

/// <summary>
/// Masks entities in captured texts by what the version itself found in them. A text that no entity model looked at, or of which it cannot
/// be told what was found, is not given: what is unknown could be anything.
/// </summary>
internal sealed class TextMask(IReadOnlyCollection<string> types)
{
    /// <summary>
    /// Captures hold at most so many entities of a text, the first ones; behind the last of as many, the text is unknown.
    /// </summary>
    private const int MaxCaptured = 16;
    private const string EntitiesTask = "entities";
    private const int MinName = 3; // shorter parts of names, as "de" and "Al", are words of their own too

    public int Mentions { get; private set; }

    public int Texts { get; private set; }

    /// <summary>Null where it cannot be masked.</summary>
    public string? Apply(string text, OutputSummary? output)
    {
        if (output is not { Task: EntitiesTask, Entities: { } counts, Top: { } top } || counts.Values.Sum(n => (long)n) != top.Count)
        {
            return null;
        }
        List<FoundPlace> places = [];
        int end = 0;
        foreach (ScoredLabel found in top)
        {
            if (FoundPlace.Read(found.Label) is not { } place || place.Start < end)
            {
                return null;
            }
            places.Add(place);
            end = place.End;
        }
        if (top.Count >= MaxCaptured)
        {
            text = text[..Math.Min(text.Length, end)];
        }
        FoundPlace[] masked = [.. places.Where(place => types.Contains(place.Type) && place.Start < text.Length)];
        Mentions += masked.Length;
        Texts++;
        return Write(text, masked);
    }

    /// <summary>
    /// Also where the same words stand once more and the version passed over them, and where one of several does that is capitalised, as
    /// the last name of a person. A word of which a part was found is masked as a whole.
    /// </summary>
    private static string Write(string text, FoundPlace[] masked)
    {
        string?[] masks = new string?[text.Length];
        foreach (FoundPlace place in masked)
        {
            masks.AsSpan(place.Start..Math.Min(place.End, text.Length)).Fill(place.Type);
        }
        foreach (FoundPlace place in masked)
        {
            string words = text[place.Start..Math.Min(place.End, text.Length)].Trim();
            for (int at = Next(text, words, 0); at >= 0; at = Next(text, words, at + 1))
            {
                masks.AsSpan(at, words.Length).Fill(place.Type);
            }
            foreach (string name in words.Split(' ').Where(word => word.Length >= MinName && char.IsUpper(word[0])))
            {
                for (int at = Next(text, name, 0); at >= 0; at = Next(text, name, at + 1))
                {
                    if (char.IsUpper(text[at]) && (at == 0 || !IsOfWord(text[at - 1])))
                    {
                        masks.AsSpan(at, name.Length).Fill(place.Type);
                    }
                }
            }
        }
        WidenToWords(masks, text);
        StringBuilder written = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (masks[i] is not { } type)
            {
                written.Append(text[i]);
            }
            else if (i == 0 || masks[i - 1] != type)
            {
                written.Append('[').Append(type).Append(']');
            }
        }
        return written.ToString();
    }

    /// <summary>Once for all places, since a text may be one long word in which the same is found everywhere.</summary>
    private static void WidenToWords(string?[] masks, string text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            masks[i] ??= IsOfWord(text[i - 1]) && IsOfWord(text[i]) ? masks[i - 1] : null;
        }
        for (int i = text.Length - 2; i >= 0; i--)
        {
            masks[i] ??= IsOfWord(text[i]) && IsOfWord(text[i + 1]) ? masks[i + 1] : null;
        }
    }

    /// <summary>Of letters those that have a case: scripts that have none may write words without spaces.</summary>
    private static bool IsOfWord(char c) =>
        char.IsUpper(c)
        || char.IsLower(c)
        || char.IsDigit(c)
        || c is '-' or '\'' or '’'
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;

    /// <summary>One character alone is masked where it was found, and not in every word.</summary>
    private static int Next(string text, string words, int from) =>
        words.Length < 2 || from >= text.Length ? -1 : text.IndexOf(words, from, StringComparison.OrdinalIgnoreCase);

    /// <summary>As captures write it: <c>PER@12+5</c>.</summary>
    private sealed record FoundPlace(string Type, int Start, int End)
    {
        public static FoundPlace? Read(string label)
        {
            int at = label.LastIndexOf('@'),
                plus = label.LastIndexOf('+');
            return
                at > 0
                && plus > at
                && TryRead(label.AsSpan((at + 1)..plus), out int start)
                && TryRead(label.AsSpan(plus + 1), out int length)
                && length <= int.MaxValue - start
                ? new FoundPlace(label[..at], start, start + length)
                : null;
        }

        private static bool TryRead(ReadOnlySpan<char> text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
