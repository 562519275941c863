using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// A query against the terms of one state of the index: a word is looked up as it stands and by the rules of each language that texts are
/// in, and its best field counts (disjunction maximum). Prefixes are expanded by what is there, to a bound.
/// </summary>
internal sealed class LookUp
{
    /// <summary>Words that one beginning stands for at most, the first by the alphabet.</summary>
    public const int MaxExpansion = 64;

    /// <summary>
    /// Words that must be found at least, where so many are asked for: half of them, up to this. One word of three by chance would
    /// otherwise weigh as much in a fusion of ranks as the best by meaning.
    /// </summary>
    private const int MostRequired = 4;

    /// <summary>What the other fields of a word add to its best one.</summary>
    private const float TieBreaker = 0.1f;

    private readonly IndexReader _reader;
    private readonly string[] _languages;

    public LookUp(IndexReader reader)
    {
        _reader = reader;
        _languages = [.. MultiFields.GetIndexedFields(reader).Where(LanguageAnalyzers.IsOfLanguage)];
    }

    /// <summary>Ranks places; null where the query has no word.</summary>
    public Query? Rank(WordQuery query)
    {
        List<WordFieldQueries> words = [.. query.Parts.Where(IsWord).Select(Read)];
        // A word that some language passes over would be found everywhere, unless nothing else is asked.
        bool onlyPassedOver = words.All(word => word.IsPassedOver);
        BooleanQuery ranked = new();
        foreach (WordFieldQueries word in words)
        {
            if (Best(word, onlyPassedOver || !word.IsPassedOver) is { } best)
            {
                ranked.Add(best, Occur.SHOULD);
            }
        }
        foreach (QueryPart part in query.Parts.Where(part => !part.IsExcluded && part.Kind != QueryPartKind.Word))
        {
            if (Exact(part) is { } exact)
            {
                ranked.Add(exact, part.Kind == QueryPartKind.Phrase ? Occur.MUST : Occur.SHOULD);
            }
        }
        int optional = ranked.Clauses.Count(clause => clause.Occur == Occur.SHOULD);
        ranked.MinimumNumberShouldMatch = ranked.Clauses.Count == optional ? Math.Min((optional + 1) / 2, MostRequired) : 0;
        return ranked.Clauses.Count > 0 ? ranked : null;
    }

    /// <summary>What must stand in a place that is found by whatever means; null where nothing is asked.</summary>
    public Query? Bound(WordQuery query) =>
        Join(query.Parts.Where(part => part is { IsExcluded: false, Kind: QueryPartKind.Phrase }), Occur.MUST);

    /// <summary>What must stand nowhere in an asset that is found by whatever means; null where nothing is excluded.</summary>
    public Query? Excluded(WordQuery query) => Join(query.Parts.Where(part => part.IsExcluded), Occur.SHOULD);

    private BooleanQuery? Join(IEnumerable<QueryPart> parts, Occur occur)
    {
        BooleanQuery joined = new(disableCoord: true);
        foreach (QueryPart part in parts)
        {
            if (Exact(part) is { } exact)
            {
                joined.Add(exact, occur);
            }
        }
        return joined.Clauses.Count > 0 ? joined : null;
    }

    /// <summary>The terms that each field is asked for, to be marked in what is found.</summary>
    public IReadOnlyList<MarkedTerms> Marks(WordQuery query) => Marks(query, _languages, Expand);

    /// <summary>The same for one text that another index found.</summary>
    /// <param name="language">The field of its language; null where it has none.</param>
    public static IReadOnlyList<MarkedTerms> Marks(WordQuery query, string? language, string text) =>
        Marks(query, language is null ? [] : [language], prefix =>
            LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, prefix) is [var beginning]
                ?
                [
                    .. LanguageAnalyzers
                        .TermsOf(LanguageAnalyzers.Plain, text)
                        .Select(term => term.Term)
                        .Where(term => term.StartsWith(beginning.Term, StringComparison.Ordinal))
                        .Distinct(StringComparer.Ordinal),
                ]
                : []
        );

    /// <summary>Marks what is looked up: in a language any term of a word, as it stands all of them in order.</summary>
    private static IReadOnlyList<MarkedTerms> Marks(WordQuery query, string[] languages, Func<string, List<string>> expand)
    {
        bool onlyPassedOver = query.Parts.Where(IsWord).All(word => IsPassedOver(word.Text, languages));
        return
        [
            .. query
                .Parts.Where(part => !part.IsExcluded)
                .SelectMany(part =>
                    part.Kind switch
                    {
                        QueryPartKind.Prefix => [AnyMarked(LanguageAnalyzers.Plain, expand(part.Text))],
                        QueryPartKind.Phrase => [InOrderMarked(part.Text)],
                        _ when onlyPassedOver || !IsPassedOver(part.Text, languages) => MarksOf(part).Append(InOrderMarked(part.Text)),
                        _ => MarksOf(part),
                    }
                ),
        ];

        IEnumerable<MarkedTerms> MarksOf(QueryPart word) =>
            languages.Select(field => AnyMarked(field, LanguageAnalyzers.TermsOf(field, word.Text).Select(term => term.Term)));
    }

    private static MarkedTerms AnyMarked(string field, IEnumerable<string> terms) => new(field, terms.Select(term => new[] { term }));

    private static MarkedTerms InOrderMarked(string text) =>
        new(
            LanguageAnalyzers.Plain,
            [
                [.. LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, text).Select(term => term.Term)],
            ]
        );

    private static bool IsWord(QueryPart part) => part is { IsExcluded: false, Kind: QueryPartKind.Word };

    private static bool IsPassedOver(string word, string[] languages) =>
        languages.Any(field => LanguageAnalyzers.TermsOf(field, word).Count == 0);

    private WordFieldQueries Read(QueryPart part)
    {
        List<Query> languages = [];
        bool isPassedOver = false;
        foreach (string field in _languages)
        {
            List<WordTerm> terms = LanguageAnalyzers.TermsOf(field, part.Text);
            isPassedOver |= terms.Count == 0;
            if (terms.Count > 0)
            {
                languages.Add(AnyOf(field, terms));
            }
        }
        return new WordFieldQueries(InOrder(LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, part.Text)), languages, isPassedOver);
    }

    private static DisjunctionMaxQuery? Best(WordFieldQueries word, bool asItStands)
    {
        DisjunctionMaxQuery best = new(TieBreaker);
        if (asItStands && word.AsItStands is { } plain)
        {
            best.Add(plain);
        }
        foreach (Query language in word.Languages)
        {
            best.Add(language);
        }
        return best.Any() ? best : null;
    }

    private Query? Exact(QueryPart part) =>
        part.Kind == QueryPartKind.Prefix
            ? AnyOf(LanguageAnalyzers.Plain, [.. Expand(part.Text).Select(term => new WordTerm(term, 0, 0))])
            : InOrder(LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, part.Text));

    private static Query AnyOf(string field, IReadOnlyList<WordTerm> terms)
    {
        if (terms is [var only])
        {
            return new TermQuery(new Term(field, only.Term));
        }
        BooleanQuery any = new();
        foreach (string term in terms.Select(term => term.Term).Distinct(StringComparer.Ordinal).Take(BooleanQuery.MaxClauseCount))
        {
            any.Add(new TermQuery(new Term(field, term)), Occur.SHOULD);
        }
        return any;
    }

    private static Query? InOrder(List<WordTerm> terms)
    {
        if (terms.Count < 2)
        {
            return terms is [var only] ? new TermQuery(new Term(LanguageAnalyzers.Plain, only.Term)) : null;
        }
        PhraseQuery phrase = [];
        foreach (WordTerm term in terms)
        {
            phrase.Add(new Term(LanguageAnalyzers.Plain, term.Term));
        }
        return phrase;
    }

    private List<string> Expand(string prefix)
    {
        List<string> found = [];
        if (
            LanguageAnalyzers.TermsOf(LanguageAnalyzers.Plain, prefix) is not [var beginning]
            || MultiFields.GetTerms(_reader, LanguageAnalyzers.Plain) is not { } terms
        )
        {
            return found;
        }
        TermsEnum words = terms.GetEnumerator();
        TermsEnum.SeekStatus at = words.SeekCeil(new BytesRef(beginning.Term));
        while (at != TermsEnum.SeekStatus.END && found.Count < MaxExpansion)
        {
            string word = words.Term.Utf8ToString();
            if (!word.StartsWith(beginning.Term, StringComparison.Ordinal))
            {
                break;
            }
            found.Add(word);
            if (!words.MoveNext())
            {
                break;
            }
        }
        return found;
    }

    private sealed record WordFieldQueries(Query? AsItStands, IReadOnlyList<Query> Languages, bool IsPassedOver);
}

/// <summary>Runs of terms of one field; each is marked where it stands whole.</summary>
internal sealed record MarkedTerms(string Field, IEnumerable<string[]> Runs);
