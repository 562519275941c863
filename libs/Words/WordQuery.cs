namespace Serverless.Words;

internal enum QueryPartKind
{
    Word,
    Phrase,
    Prefix,
}

internal sealed record QueryPart(QueryPartKind Kind, string Text, bool IsExcluded);

/// <summary>
/// What a person asks for: words, of which some must be found; "words in quotes", which must stand like that in the place that is found;
/// beginnings of words (harb*); -words and -"phrases" that must stand nowhere in the asset, its name and metadata among it. Whatever else
/// is written is words: there is no other syntax.
/// </summary>
public sealed class WordQuery
{
    /// <summary>Different words of a query: each is looked up in each language.</summary>
    public const int MaxParts = 400;

    private const int ShortestPrefix = 2;
    private const string Quotes = "\"“”„«»";

    private WordQuery(IReadOnlyList<QueryPart> parts) => Parts = parts;

    internal IReadOnlyList<QueryPart> Parts { get; }

    /// <summary>Whether there is nothing in it, as in "".</summary>
    public bool IsEmpty => Parts.Count == 0;

    /// <summary>Whether something is looked for, and not only something excluded.</summary>
    public bool LooksForSomething => Parts.Any(part => !part.IsExcluded);

    /// <summary>Whether something must, or must not, be there word for word.</summary>
    public bool Binds => Parts.Any(part => part.IsExcluded || part.Kind == QueryPartKind.Phrase);

    /// <summary>What is looked for, without the signs.</summary>
    public string Meaning => string.Join(' ', Parts.Where(part => !part.IsExcluded).Select(part => part.Text));

    public LuceneQuery ToLucene() => LuceneQuery.Of(Parts);

    /// <exception cref="ArgumentException">It has more different parts than <see cref="MaxParts"/>.</exception>
    public static WordQuery Parse(string text)
    {
        text = WordForm.Of(text);
        HashSet<QueryPart> parts = [];
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }
            bool isExcluded = text[at] == '-' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]);
            if (Read(text, isExcluded ? at + 1 : at, isExcluded, out at) is { } part)
            {
                parts.Add(part);
            }
        }
        return parts.Count <= MaxParts
            ? new WordQuery([.. parts])
            : throw new ArgumentException($"The query has {parts.Count} different words; allowed are {MaxParts}.", nameof(text));
    }

    private static QueryPart? Read(string text, int start, bool isExcluded, out int end)
    {
        bool isPhrase = Quotes.Contains(text[start]);
        int first = isPhrase ? start + 1 : start;
        end = first;
        while (end < text.Length && !(isPhrase ? Quotes.Contains(text[end]) : char.IsWhiteSpace(text[end]) || Quotes.Contains(text[end])))
        {
            end++;
        }
        string words = text[first..end].Trim();
        if (isPhrase)
        {
            end = Math.Min(end + 1, text.Length);
            return words.Length > 0 ? new QueryPart(QueryPartKind.Phrase, words, isExcluded) : null;
        }
        return words.EndsWith('*') && words.TrimEnd('*') is { Length: >= ShortestPrefix } beginning && beginning.All(char.IsLetterOrDigit)
            ? new QueryPart(QueryPartKind.Prefix, beginning, isExcluded)
            : new QueryPart(QueryPartKind.Word, words, isExcluded);
    }
}
