using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Document = Lucene.Net.Documents.Document;

namespace Serverless.Words;

/// <summary>A found place and its BM25 score.</summary>
/// <param name="Content">Names the bytes of the asset.</param>
public sealed record WordHit(string Asset, string Content, string Place, float Score);

/// <summary>What the index keeps of a place.</summary>
public sealed record WordDetails(
    string Version,
    string Kind,
    string? Language,
    DateTimeOffset Registered,
    WordSource Source,
    string? Picture,
    Snippet Snippet
);

/// <summary>
/// One search of one state of the index, which later writes do not change: what is found by words, what may be found at all, and what
/// there is to say of either. For one thread; dispose it.
/// </summary>
public sealed class WordSearch : IDisposable
{
    /// <summary>The most frequent values of a facet that are given.</summary>
    public const int MostFacetValues = 20;

    private readonly IndexSearcher _searcher;
    private readonly Action _release;
    private readonly Query? _ranking;
    private readonly AdmittedDocuments _admitted;
    private readonly PlaceTables _tables;
    private readonly IReadOnlyList<MarkedTerms> _marks;
    private readonly Dictionary<string, Dictionary<string, (AtomicReaderContext Leaf, int Document)>> _places = [];

    /// <param name="query">Null to find nothing by words, and let filters alone decide.</param>
    internal WordSearch(IndexSearcher searcher, PlaceTables tables, KeptClauses kept, Action release, WordQuery? query, WordFilter filter)
    {
        (_searcher, _tables, _release) = (searcher, tables, release);
        LookUp lookUp = new(searcher.IndexReader);
        _ranking = query is null ? null : lookUp.Rank(query);
        _marks = query is null ? [] : lookUp.Marks(query);
        _admitted = AdmittedBy(filter, query, lookUp, kept);
    }

    private static AdmittedDocuments AdmittedBy(WordFilter filter, WordQuery? query, LookUp lookUp, KeptClauses kept)
    {
        List<Query> clauses = [.. filter.ToClauses()];
        BooleanQuery own = new(disableCoord: true);
        if (filter.ToTimes() is { } times)
        {
            own.Add(times, Occur.MUST);
        }
        if (query is not null && lookUp.Bound(query) is { } bound)
        {
            own.Add(bound, Occur.MUST);
        }
        Query? excluded = query is null ? null : lookUp.Excluded(query);
        if (own.Clauses.Count == 0 && excluded is not null)
        {
            own.Add(new TermQuery(WordFields.Places), Occur.MUST); // from which something can be taken
        }
        if (excluded is not null)
        {
            own.Add(new ConstantScoreQuery(new WholeAssets(excluded)), Occur.MUST_NOT);
        }
        if (clauses.Count == 0 && own.Clauses.Count == 0)
        {
            clauses.Add(new TermQuery(WordFields.Places)); // all else that is asked for only places have
        }
        return new AdmittedDocuments(kept, clauses, own.Clauses.Count == 0 ? null : own);
    }

    /// <summary>The best first.</summary>
    public IReadOnlyList<WordHit> Rank(int limit)
    {
        if (_ranking is null)
        {
            return [];
        }
        return [.. _searcher.Search(_ranking, _admitted, limit).ScoreDocs.Select(HitOf)];
    }

    /// <summary>The same as long as the index shows the same, and another object once it shows something else.</summary>
    public object State => _searcher.IndexReader;

    /// <summary>The places that may be found, part by part; of a part without any, none are given.</summary>
    /// <param name="hash">The same each time.</param>
    public IReadOnlyList<AdmittedPlaces> Admitted(PlaceHash hash) =>
        [
            .. _searcher
                .IndexReader.Leaves.Select(leaf => (leaf.AtomicReader, Bits: _admitted.BitsOf(leaf)))
                .Where(part => part.Bits.Length > 0 && part.Bits.NextSetBit(0) >= 0)
                .Select(part => new AdmittedPlaces(_tables.Of(part.AtomicReader, hash), part.Bits.GetBits())),
        ];

    /// <summary>Names the bytes of an asset; the asset itself where the index does not have it.</summary>
    public string ContentOf(string asset)
    {
        Term term = new(WordFields.Asset, asset);
        foreach (AtomicReaderContext leaf in _searcher.IndexReader.Leaves)
        {
            AtomicReader reader = leaf.AtomicReader;
            if (reader.GetTermDocsEnum(term) is not { } documents || reader.GetSortedDocValues(WordFields.Content) is not { } contents)
            {
                continue;
            }
            for (int document = documents.NextDoc(); document != DocIdSetIterator.NO_MORE_DOCS; document = documents.NextDoc())
            {
                if (reader.LiveDocs?.Get(document) != false && contents.GetOrd(document) >= 0)
                {
                    return ValueOf(contents, document);
                }
            }
        }
        return asset;
    }

    /// <summary>The assets that have a content, whatever is admitted.</summary>
    public IReadOnlyList<string> AssetsWith(string content, int limit)
    {
        List<string> assets = [];
        Term term = new(WordFields.Content, content);
        foreach (AtomicReaderContext leaf in _searcher.IndexReader.Leaves)
        {
            if (leaf.AtomicReader.GetTermDocsEnum(term) is not { } heads)
            {
                continue;
            }
            for (int head = heads.NextDoc(); head != DocIdSetIterator.NO_MORE_DOCS && assets.Count < limit; head = heads.NextDoc())
            {
                if (leaf.AtomicReader.LiveDocs?.Get(head) != false)
                {
                    assets.Add(leaf.AtomicReader.Document(head).Get(WordFields.Asset));
                }
            }
        }
        return assets;
    }

    /// <summary>Null of a place that the index does not have.</summary>
    public WordDetails? Find(string asset, string place) =>
        PlacesOf(asset).TryGetValue(place, out var found) ? Describe(found.Leaf.AtomicReader, found.Document) : null;

    /// <summary>Over the assets that words find, and those that are named.</summary>
    /// <param name="fields">Of <see cref="Facets"/>.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Count(IReadOnlyList<string> fields, IReadOnlyList<string> assets)
    {
        BooleanQuery counted = new(disableCoord: true);
        if (_ranking is not null)
        {
            counted.Add(_ranking, Occur.SHOULD);
        }
        foreach (string[] some in assets.Chunk(BooleanQuery.MaxClauseCount))
        {
            BooleanQuery named = new(disableCoord: true);
            foreach (string asset in some)
            {
                named.Add(new TermQuery(new Term(WordFields.Asset, asset)), Occur.SHOULD);
            }
            counted.Add(named, Occur.SHOULD);
        }
        FacetCounter counter = new(fields, content => _searcher.IndexReader.DocFreq(new Term(WordFields.Content, content)) > 1);
        QueryWrapperFilter places = new(new FilteredQuery(counted, _admitted));
        foreach (AtomicReaderContext leaf in _searcher.IndexReader.Leaves)
        {
            counter.Count(leaf.AtomicReader, places.GetDocIdSet(leaf, leaf.AtomicReader.LiveDocs));
        }
        return counter.Counts;
    }

    /// <summary>What can be counted.</summary>
    public static IReadOnlyList<string> Facets => WordFields.Counted;

    public void Dispose() => _release();

    private WordHit HitOf(ScoreDoc found)
    {
        IList<AtomicReaderContext> leaves = _searcher.IndexReader.Leaves;
        AtomicReaderContext leaf = leaves[ReaderUtil.SubIndex(found.Doc, leaves)];
        int document = found.Doc - leaf.DocBase;
        return new WordHit(
            ValueOf(leaf.AtomicReader.GetSortedDocValues(WordFields.Asset), document),
            ValueOf(leaf.AtomicReader.GetSortedDocValues(WordFields.Content), document),
            PlaceOf(leaf.AtomicReader, document),
            found.Score
        );
    }

    private static string ValueOf(SortedDocValues values, int document)
    {
        BytesRef value = new();
        values.Get(document, value);
        return value.Utf8ToString();
    }

    private static string PlaceOf(AtomicReader reader, int document)
    {
        BytesRef place = new();
        reader.GetBinaryDocValues(WordFields.Place).Get(document, place);
        return place.Utf8ToString();
    }

    /// <summary>Read once for each asset: that of a long text has many.</summary>
    private Dictionary<string, (AtomicReaderContext Leaf, int Document)> PlacesOf(string asset)
    {
        if (_places.TryGetValue(asset, out var places))
        {
            return places;
        }
        places = _places[asset] = new(StringComparer.Ordinal);
        Term term = new(WordFields.Asset, asset);
        foreach (AtomicReaderContext leaf in _searcher.IndexReader.Leaves)
        {
            AtomicReader reader = leaf.AtomicReader;
            if (reader.GetTermDocsEnum(term) is not { } documents || reader.GetBinaryDocValues(WordFields.Place) is null)
            {
                continue;
            }
            IBits? withPlace = reader.GetDocsWithField(WordFields.Place);
            for (int document = documents.NextDoc(); document != DocIdSetIterator.NO_MORE_DOCS; document = documents.NextDoc())
            {
                if (reader.LiveDocs?.Get(document) != false && withPlace?.Get(document) != false)
                {
                    places.TryAdd(PlaceOf(reader, document), (leaf, document));
                }
            }
        }
        return places;
    }

    private WordDetails Describe(AtomicReader reader, int document)
    {
        Document stored = reader.Document(document);
        (WordSource source, Snippet snippet) = Snippet.Show(
            stored.Get(WordFields.Text),
            (WordSource)(stored.GetField(WordFields.Source).GetInt32Value() ?? 0),
            stored.GetField(WordFields.ToldFrom)?.GetInt32Value(),
            [.. _marks.Where(mark => mark.Field == LanguageAnalyzers.Plain || mark.Field == stored.Get(WordFields.Spoken))]
        );
        return new WordDetails(
            WordFields.VersionOf(stored),
            ValueOf(reader, document, WordFields.Kind) ?? "",
            ValueOf(reader, document, WordFields.Language),
            new DateTimeOffset(stored.GetField(WordFields.Registered).GetInt64Value() ?? 0, TimeSpan.Zero),
            source,
            stored.Get(WordFields.Picture),
            snippet
        );
    }

    private static string? ValueOf(AtomicReader reader, int document, string field)
    {
        if (reader.GetSortedSetDocValues(field) is not { } values)
        {
            return null;
        }
        values.SetDocument(document);
        long ordinal = values.NextOrd();
        if (ordinal == SortedSetDocValues.NO_MORE_ORDS)
        {
            return null;
        }
        BytesRef value = new();
        values.LookupOrd(ordinal, value);
        return value.Utf8ToString();
    }
}
