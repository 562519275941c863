using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Azure.Search.Documents.Indexes.Models;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Searches;

namespace Serverless.AzureSearch;

/// <summary>
/// What a document of the index holds: one for each place of an asset, and one, its head, that says which version they are of. Values that
/// are counted stand as they are, those that filters ask for in lower case beside them.
/// </summary>
internal static class ServiceFields
{
    public const string Id = "id";
    public const string Is = "is";
    public const string Asset = "asset";
    public const string Content = "content";
    public const string Version = "version";
    public const string Revision = "revision";
    public const string Modified = "modified";
    public const string Gone = "gone";
    public const string Spaces = "spaces";
    public const string Place = "place";
    public const string Kind = "kind";
    public const string Store = "store";
    public const string Key = "key";
    public const string Path = "path";
    public const string Language = "language";
    public const string Labels = "labels";
    public const string Entities = "entities";
    public const string Models = "models";
    public const string LabelKeys = "labelKeys";
    public const string EntityKeys = "entityKeys";
    public const string ModelKeys = "modelKeys";
    public const string Facts = "facts";
    public const string FactKeys = "factKeys";
    public const string Given = "given";
    public const string GivenKeys = "givenKeys";
    public const string Registered = "registered";
    public const string Source = "source";
    public const string Picture = "picture";
    public const string Told = "told";

    /// <summary>Words as they stand, in lower case and without accents.</summary>
    public const string Text = "text";

    public const string Profile = "cosine";
    private const string Algorithm = "hnsw";

    /// <summary>The service's own analyzers, where it has one of Lucene's for a language.</summary>
    private static readonly FrozenDictionary<string, LexicalAnalyzerName> Analyzers = new Dictionary<string, LexicalAnalyzerName>
    {
        ["ar"] = LexicalAnalyzerName.ArLucene,
        ["cs"] = LexicalAnalyzerName.CsLucene,
        ["da"] = LexicalAnalyzerName.DaLucene,
        ["de"] = LexicalAnalyzerName.DeLucene,
        ["el"] = LexicalAnalyzerName.ElLucene,
        ["en"] = LexicalAnalyzerName.EnLucene,
        ["es"] = LexicalAnalyzerName.EsLucene,
        ["fa"] = LexicalAnalyzerName.FaLucene,
        ["fi"] = LexicalAnalyzerName.FiLucene,
        ["fr"] = LexicalAnalyzerName.FrLucene,
        ["hi"] = LexicalAnalyzerName.HiLucene,
        ["hu"] = LexicalAnalyzerName.HuLucene,
        ["it"] = LexicalAnalyzerName.ItLucene,
        ["ja"] = LexicalAnalyzerName.JaLucene,
        ["ko"] = LexicalAnalyzerName.KoLucene,
        ["nb"] = LexicalAnalyzerName.NoLucene,
        ["nl"] = LexicalAnalyzerName.NlLucene,
        ["pt"] = LexicalAnalyzerName.PtPtLucene,
        ["ro"] = LexicalAnalyzerName.RoLucene,
        ["ru"] = LexicalAnalyzerName.RuLucene,
        ["sv"] = LexicalAnalyzerName.SvLucene,
        ["tr"] = LexicalAnalyzerName.TrLucene,
        ["zh"] = LexicalAnalyzerName.ZhHansLucene,
    }.ToFrozenDictionary();

    /// <summary>Every field that words are looked up in.</summary>
    public static IReadOnlyList<string> Searched { get; } =
    [Text, .. Analyzers.Keys.Order(StringComparer.Ordinal).Select(language => $"{Text}_{language}")];

    /// <summary>The field that texts of a language also have; null of one without an analyzer.</summary>
    public static string? FieldOf(string? language) =>
        language is not null && Analyzers.ContainsKey(language) ? $"{Text}_{language}" : null;

    /// <summary>A space's name has characters that a field's may not have.</summary>
    public static string VectorsOf(string space) =>
        $"v_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(space)).AsSpan(0, 10))}";

    public static SearchIndex CreateIndex(string name) =>
        new(name, Basic())
        {
            VectorSearch = new VectorSearch
            {
                Algorithms =
                {
                    new HnswAlgorithmConfiguration(Algorithm)
                    {
                        Parameters = new HnswParameters
                        {
                            Metric = VectorSearchAlgorithmMetric.Cosine,
                            EfSearch = AssetSearch.Depth, // no fewer candidates than are asked for
                        },
                    },
                },
                Profiles = { new VectorSearchProfile(Profile, Algorithm) },
            },
        };

    /// <summary>
    /// Which an index from before them is given. What it holds already has nothing in them until it is analysed anew.
    /// </summary>
    public static IReadOnlyList<SearchField> Later =>
        [.. new[] { FactKeys, GivenKeys }.Select(name => Many(name, true)), .. new[] { Facts, Given }.Select(name => Many(name, false))];

    /// <summary>All but those of vectors.</summary>
    public static IEnumerable<SearchField> Basic() =>
        [
            new SearchField(Id, SearchFieldDataType.String)
            {
                IsKey = true,
                IsFilterable = true,
                IsSortable = true,
                IsSearchable = false,
                IsFacetable = false,
            },
            .. new[] { Is, Asset, Content, Kind, Store, Key, Path, Language }.Select(name =>
                Simple(name, SearchFieldDataType.String, true)
            ),
            .. new[] { Version, Place, Picture }.Select(name => Simple(name, SearchFieldDataType.String, false)),
            .. new[] { Modified, Registered }.Select(name => Simple(name, SearchFieldDataType.Int64, true)),
            .. new[] { Revision, Source, Told }.Select(name => Simple(name, SearchFieldDataType.Int32, false)),
            Simple(Gone, SearchFieldDataType.Boolean, true),
            .. new[] { Spaces, LabelKeys, EntityKeys, ModelKeys }.Select(name => Many(name, true)),
            .. new[] { Labels, Entities, Models }.Select(name => Many(name, false)),
            .. Later,
            Searchable(Text, LexicalAnalyzerName.StandardAsciiFoldingLucene, isHidden: false),
            .. Analyzers
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => Searchable($"{Text}_{pair.Key}", pair.Value, true)),
        ];

    public static SearchField Vectors(VectorSpace space) =>
        new(VectorsOf(space.Name), SearchFieldDataType.Collection(SearchFieldDataType.Single))
        {
            IsSearchable = true,
            IsHidden = true,
            IsFilterable = false,
            IsSortable = false,
            IsFacetable = false,
            VectorSearchDimensions = space.Dimensions,
            VectorSearchProfileName = Profile,
        };

    private static SearchField Simple(string name, SearchFieldDataType type, bool isFilterable) =>
        new(name, type)
        {
            IsFilterable = isFilterable,
            IsSearchable = false,
            IsSortable = false,
            IsFacetable = false,
        };

    private static SearchField Many(string name, bool isFilterable) =>
        Simple(name, SearchFieldDataType.Collection(SearchFieldDataType.String), isFilterable);

    private static SearchField Searchable(string name, LexicalAnalyzerName analyzer, bool isHidden) =>
        new(name, SearchFieldDataType.String)
        {
            IsSearchable = true,
            IsHidden = isHidden,
            IsFilterable = false,
            IsSortable = false,
            IsFacetable = false,
            AnalyzerName = analyzer,
        };
}
