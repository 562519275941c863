using System.Globalization;

namespace Serverless.Words;

/// <summary>A query in the full syntax of Lucene, which search services read. What there is nothing of is empty.</summary>
/// <param name="Words">All that is looked for: words, phrases and beginnings of words.</param>
/// <param name="Phrases">Those of them that must be there.</param>
/// <param name="Excluded">What must not be there.</param>
/// <param name="Terms">How many single terms <paramref name="Words"/> has.</param>
public sealed record LuceneQuery(string Words, string Phrases, string Excluded, int Terms)
{
    internal static LuceneQuery Of(IReadOnlyList<QueryPart> parts)
    {
        string words = Write(parts.Where(part => !part.IsExcluded));
        return new LuceneQuery(
            words,
            Write(parts.Where(part => part is { IsExcluded: false, Kind: QueryPartKind.Phrase })),
            Write(parts.Where(part => part.IsExcluded)),
            words.Length == 0 ? 0 : words.Count(c => c == ' ') + 1
        );
    }

    private static string Write(IEnumerable<QueryPart> parts) =>
        string.Join(' ', parts.Select(Write).Where(part => part.Length > 0).Distinct(StringComparer.Ordinal));

    /// <summary>
    /// Only letters and digits are left of a word: all else is either syntax or no part of a term, and capitals could be an operator. A
    /// word of several terms, such as twenty-one, is a phrase of them.
    /// </summary>
    private static string Write(QueryPart part)
    {
        if (part.Kind == QueryPartKind.Prefix)
        {
            // The service does not fold accents of a beginning, but has folded those of the words.
            return LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, part.Text) is [var beginning] ? $"{beginning.Term}*" : "";
        }
        string[] terms = string.Concat(part.Text.Select(c => IsOfTerm(c) ? char.ToLowerInvariant(c) : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return terms switch
        {
            [] => "",
            [var only] => only,
            _ => $"\"{string.Join(' ', terms)}\"",
        };
    }

    private static bool IsOfTerm(char c) =>
        char.IsLetterOrDigit(c)
        || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
