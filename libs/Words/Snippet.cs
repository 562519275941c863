namespace Serverless.Words;

/// <summary>Characters of a snippet, in UTF-16 units.</summary>
public sealed record Highlight(int Start, int Length);

/// <summary>What is shown of a place: a part of its text around the first word that was found, and where in it such words stand.</summary>
public sealed record Snippet(string Text, IReadOnlyList<Highlight> Highlights)
{
    private const int Characters = 240;
    private const int CharactersBefore = 60;
    private const int MaxHighlights = 50;
    private const char Omitted = '…';

    /// <summary>What is shown of a text that another index found by a query.</summary>
    /// <param name="told">Where in it begins what is told of what is seen; null where nothing is.</param>
    /// <param name="query">Null where words played no part.</param>
    /// <param name="language">Whose rules its words follow beside those of none.</param>
    public static (WordSource Source, Snippet Snippet) Show(
        string text,
        WordSource source,
        int? told,
        WordQuery? query,
        string? language
    ) => Show(text, source, told, query is null ? [] : LookUp.Marks(query, LanguageAnalyzers.FieldOf(language), text));

    /// <summary>Words that are only in what is told of what is seen are found by that.</summary>
    internal static (WordSource Source, Snippet Snippet) Show(
        string text,
        WordSource source,
        int? told,
        IReadOnlyList<MarkedTerms> marks
    ) =>
        told is { } start && Of(text[..start], marks).Highlights.Count == 0 && Of(text[start..], marks) is { Highlights.Count: > 0 } telling
            ? (WordSource.Metadata, telling)
            : (source, Of(text, marks));

    internal static Snippet Of(string text, IReadOnlyList<MarkedTerms> marks)
    {
        List<Highlight> found = Find(text, marks);
        int start = found is [var first, ..] && text.Length > Characters ? WordBefore(text, first.Start - CharactersBefore) : 0;
        int end = WholeCharacter(text, Math.Min(text.Length, start + Characters));
        string before = start > 0 ? $"{Omitted}" : "";
        string after = end < text.Length ? $"{Omitted}" : "";
        return new Snippet(
            $"{before}{text[start..end]}{after}",
            [
                .. found
                    .Where(mark => mark.Start >= start && mark.Start + mark.Length <= end)
                    .Take(MaxHighlights)
                    .Select(mark => mark with { Start = mark.Start - start + before.Length }),
            ]
        );
    }

    private static List<Highlight> Find(string text, IReadOnlyList<MarkedTerms> marks)
    {
        List<(int Start, int End)> found = [];
        foreach (IGrouping<string, MarkedTerms> field in marks.GroupBy(mark => mark.Field))
        {
            List<WordTerm> terms = LanguageAnalyzers.TermsOf(field.Key, text);
            ILookup<string, string[]> runs = field
                .SelectMany(mark => mark.Runs)
                .Where(run => run.Length > 0) // that of signs alone
                .ToLookup(run => run[0]);
            for (int i = 0; i < terms.Count; i++)
            {
                foreach (string[] run in runs[terms[i].Term].Where(run => StandsAt(terms, i, run)))
                {
                    found.Add((terms[i].Start, terms[i + run.Length - 1].End));
                }
            }
        }
        return Join(found);
    }

    private static bool StandsAt(List<WordTerm> terms, int at, string[] run) =>
        at + run.Length <= terms.Count && run.Select((term, i) => terms[at + i].Term == term).All(same => same);

    /// <summary>Those that overlap, or touch, become one.</summary>
    private static List<Highlight> Join(List<(int Start, int End)> found)
    {
        List<Highlight> joined = [];
        foreach ((int start, int end) in found.Order())
        {
            if (joined is [.., var last] && start <= last.Start + last.Length)
            {
                joined[^1] = last with { Length = Math.Max(last.Start + last.Length, end) - last.Start };
            }
            else
            {
                joined.Add(new Highlight(start, end - start));
            }
        }
        return joined;
    }

    private static int WordBefore(string text, int at)
    {
        int start = Math.Max(0, at);
        while (start > 0 && start > at - CharactersBefore && !char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }
        return WholeCharacter(text, start);
    }

    private static int WholeCharacter(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
