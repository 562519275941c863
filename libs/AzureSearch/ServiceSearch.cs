using System.Globalization;
using Azure.Search.Documents;
using Azure.Search.Documents.Models;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Words;
using SearchMode = Serverless.Ingest.Searches.SearchMode;
using ServiceMode = Azure.Search.Documents.Models.SearchMode;

namespace Serverless.AzureSearch;

/// <summary>
/// Finds assets in an Azure AI Search service: words, vectors, or both, which the service fuses by reciprocal ranks. Filters hold before
/// anything is ranked. Places are grouped here, by content; facets count the assets among the places that were found. Thread-safe.
/// </summary>
public sealed class ServiceSearch(ServiceClient client, IAssetIndex index, TimeProvider time) : IAssetSearch
{
    /// <summary>
    /// The service takes 3,000 in a request, and filters need some of them. Each term is one in each field that it is looked up in.
    /// </summary>
    private const int MaxClauses = 2_000;

    /// <summary>
    /// Assets with an excluded word that the search itself leaves out. Its filter sees a place at a time, so their names are asked for
    /// first, a thousand in a request, and given to <c>search.in</c>, which is made for thousands of values.
    /// </summary>
    private const int MaxExcluded = 5_000;

    /// <summary>What grouping, paging and facets need of every place.</summary>
    private static readonly string[] Found = [ServiceFields.Id, ServiceFields.Asset, ServiceFields.Content];

    private static readonly string[] Shown =
    [
        ServiceFields.Id,
        ServiceFields.Version,
        ServiceFields.Place,
        ServiceFields.Kind,
        ServiceFields.Language,
        ServiceFields.Registered,
        ServiceFields.Source,
        ServiceFields.Picture,
        ServiceFields.Told,
        ServiceFields.Text,
    ];

    private static readonly Dictionary<string, (string Field, Func<ServiceDocument, IEnumerable<string?>> Read)> Counted = new()
    {
        ["kind"] = (ServiceFields.Kind, document => [document.Kind]),
        ["store"] = (ServiceFields.Store, document => [document.Store]),
        ["language"] = (ServiceFields.Language, document => [document.Language]),
        ["label"] = (ServiceFields.Labels, document => document.Labels ?? []),
        ["entity"] = (ServiceFields.Entities, document => document.Entities ?? []),
        ["model"] = (ServiceFields.Models, document => document.Models ?? []),
        ["told"] = (ServiceFields.Facts, document => document.Facts ?? []),
        ["meta"] = (ServiceFields.Given, document => document.Given ?? []),
    };

    public async Task<FoundPage> SearchAsync(AssetQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset asOf = query.After?.AsOf ?? time.GetUtcNow();
        IReadOnlyList<ServiceHit> hits = await FindAsync(query, asOf, cancellationToken);
        IReadOnlyList<Ranked> contents = RankFusion.InOrder(
            hits.GroupBy(hit => hit.Document.Content!, StringComparer.Ordinal)
                .Select(same => new Ranked(same.Key, same.Max(hit => hit.Score)))
        );
        Ranked[] page = [.. contents.Where(content => query.After?.HasGiven(content.Key) != true).Take(query.Limit + 1)];
        return new FoundPage(
            await DescribeAsync(query, [.. page.Take(query.Limit)], hits, cancellationToken),
            query.Facets.ToDictionary(facet => facet, facet => Count(facet, hits)),
            page.Length > query.Limit ? SearchCursor.After(query.After, asOf, page[..^1].Select(content => content.Key)) : null,
            IsComplete: true
        );
    }

    public Task CheckAsync(CancellationToken cancellationToken) => client.CheckAsync(cancellationToken);

    public async Task<IReadOnlyCollection<string>> LocationsOfAsync(string asset, CancellationToken cancellationToken) =>
        await client.FindAsync(ServiceHead.IdOf(asset), cancellationToken) is { Gone: not true, Content: { } content }
            ? [asset, .. (await LocationsAsync([content], cancellationToken))[content].Where(other => other != asset)]
            : [asset];

    private async Task<IReadOnlyList<ServiceHit>> FindAsync(AssetQuery query, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        LuceneQuery? words = query.Words?.ToLucene();
        bool asksWords = words is { Words.Length: > 0 };
        bool asksVector = query.Vector is { } given && given.Vector.AsSpan().ContainsAnyExcept(0f);
        if (!asksWords && !asksVector)
        {
            return [];
        }
        HashSet<string> excluded = await ExcludedAsync(words, cancellationToken);
        SearchOptions options = new()
        {
            Filter = await FilterOfAsync(query, words, excluded, cancellationToken),
            Size = AssetSearch.Depth,
            QueryType = SearchQueryType.Full,
            SearchMode = ServiceMode.Any,
            // Copies of the index may score words a little differently: the pages of one search ask the same one.
            SessionId = asOf.UtcTicks.ToString(CultureInfo.InvariantCulture),
        };
        foreach (string field in Found.Concat(query.Facets.Select(facet => Counted[facet].Field)).Distinct())
        {
            options.Select.Add(field);
        }
        if (asksWords)
        {
            foreach (
                string field in words!.Terms * ServiceFields.Searched.Count <= MaxClauses ? ServiceFields.Searched : [ServiceFields.Text]
            )
            {
                options.SearchFields.Add(field);
            }
        }
        if (asksVector)
        {
            options.VectorSearch = await CompareAsync(query.Role, query.Vector!, cancellationToken);
        }
        IReadOnlyList<ServiceHit> hits = await client.SearchAsync(asksWords ? words!.Words : null, options, cancellationToken);
        if (excluded.Count == MaxExcluded)
        {
            excluded = await ExcludedAsync(words!, hits, cancellationToken); // more have it than the filter names
        }
        return
        [
            .. hits.Where(hit => !excluded.Contains(hit.Document.Asset))
                .Select((hit, i) => hit with { Score = ScoreOf(query, asksWords && asksVector, hit.Score, i) }),
        ];
    }

    /// <summary>The assets that have an excluded word in any place, at most <see cref="MaxExcluded"/>.</summary>
    private async Task<HashSet<string>> ExcludedAsync(LuceneQuery? words, CancellationToken cancellationToken)
    {
        HashSet<string> excluded = new(StringComparer.Ordinal);
        if (words is not { Excluded.Length: > 0 })
        {
            return excluded;
        }
        await foreach (ServiceDocument place in client.ListAsync(ODataFilter.Excluded(words), [ServiceFields.Asset], cancellationToken))
        {
            excluded.Add(place.Asset);
            if (excluded.Count == MaxExcluded)
            {
                break;
            }
        }
        return excluded;
    }

    /// <summary>Those among the assets found.</summary>
    private async Task<HashSet<string>> ExcludedAsync(
        LuceneQuery words,
        IReadOnlyList<ServiceHit> hits,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> excluded = new(StringComparer.Ordinal);
        if (hits.Count == 0)
        {
            return excluded;
        }
        string filter = ODataFilter.Excluded(words, hits.Select(hit => hit.Document.Asset).Distinct());
        await foreach (ServiceDocument place in client.ListAsync(filter, [ServiceFields.Asset], cancellationToken))
        {
            excluded.Add(place.Asset);
        }
        return excluded;
    }

    private async Task<VectorSearchOptions> CompareAsync(ModelRole role, QueryVector vector, CancellationToken cancellationToken)
    {
        await index.HoldAsync(role, new VectorSpace(vector.Space, vector.Vector.Length), cancellationToken);
        return new VectorSearchOptions
        {
            FilterMode = VectorFilterMode.PreFilter,
            Queries =
            {
                new VectorizedQuery(vector.Vector)
                {
                    KNearestNeighborsCount = AssetSearch.Depth,
                    Fields = { ServiceFields.VectorsOf(vector.Space) },
                },
            },
        };
    }

    private async Task<string> FilterOfAsync(
        AssetQuery query,
        LuceneQuery? words,
        HashSet<string> excluded,
        CancellationToken cancellationToken
    )
    {
        string filter = ODataFilter.Of(query.FilterOfPage, words);
        if (excluded.Count > 0)
        {
            filter += $" and {ODataFilter.Without(excluded)}";
        }
        if (query.Without is not { } asked)
        {
            return filter;
        }
        string? content = (await client.FindAsync(ServiceHead.IdOf(asked), cancellationToken))?.Content;
        return $"{filter} and {ServiceFields.Content} ne {ODataFilter.Quote(content ?? asked)}";
    }

    /// <summary>As <see cref="FoundAsset.Score"/> is to be.</summary>
    /// <param name="isFused">Whether the service fused two rankings.</param>
    private static double ScoreOf(AssetQuery query, bool isFused, double score, int rank) =>
        query switch
        {
            { Words: null } => 2 - 1 / score, // the service tells of a cosine c as 1 / (2 - c)
            { Vector: not null } when !isFused => 1.0 / (RankFusion.K + rank + 1),
            _ => score,
        };

    private async Task<IReadOnlyList<FoundAsset>> DescribeAsync(
        AssetQuery query,
        IReadOnlyList<Ranked> page,
        IReadOnlyList<ServiceHit> hits,
        CancellationToken cancellationToken
    )
    {
        if (page.Count == 0)
        {
            return [];
        }
        ILookup<string, ServiceHit> byContent = hits.ToLookup(hit => hit.Document.Content!, StringComparer.Ordinal);
        // Of a content the asset with the best place; of equal ones the first by name.
        Dictionary<string, ServiceHit[]> best = page.ToDictionary(
            content => content.Key,
            content =>
                byContent[content.Key]
                    .GroupBy(hit => hit.Document.Asset, StringComparer.Ordinal)
                    .OrderByDescending(same => same.Max(hit => hit.Score))
                    .ThenBy(same => same.Key, StringComparer.Ordinal)
                    .First()
                    .OrderByDescending(hit => hit.Score)
                    .Take(AssetSearch.MaxPlaces)
                    .ToArray(),
            StringComparer.Ordinal
        );
        Dictionary<string, ServiceDocument> shown = await ShowAsync(best.Values.SelectMany(places => places), cancellationToken);
        ILookup<string, string> locations = await LocationsAsync([.. page.Select(content => content.Key)], cancellationToken);
        return [.. page.Select(content => Describe(query, content, best[content.Key], shown, locations[content.Key])).OfType<FoundAsset>()];
    }

    /// <summary>Null of one that was deleted since it was found.</summary>
    private static FoundAsset? Describe(
        AssetQuery query,
        Ranked content,
        ServiceHit[] places,
        Dictionary<string, ServiceDocument> shown,
        IEnumerable<string> locations
    )
    {
        ServiceDocument[] there = [.. places.Select(place => shown.GetValueOrDefault(place.Document.Id)).OfType<ServiceDocument>()];
        if (there.Length == 0)
        {
            return null;
        }
        string asset = places[0].Document.Asset;
        Dictionary<string, double> scores = places.ToDictionary(place => place.Document.Id, place => place.Score, StringComparer.Ordinal);
        return new FoundAsset(
            asset,
            there[0].Version,
            content.Score,
            there[0].Language,
            new DateTimeOffset(there[0].Registered ?? 0, TimeSpan.Zero),
            [.. there.Select(place => Describe(query, place, scores[place.Id]))],
            [asset, .. locations.Where(other => other != asset).Order(StringComparer.Ordinal)]
        );
    }

    private static FoundPlace Describe(AssetQuery query, ServiceDocument place, double score)
    {
        (WordSource source, Snippet snippet) = Snippet.Show(
            place.Text ?? "",
            (WordSource)(place.Source ?? 0),
            place.Told,
            query.Words,
            place.Language
        );
        // Which of the two found a place the service does not tell; its words that are marked found it too.
        bool isByWords = query.Words is not null && (query.Vector is null || snippet.Highlights.Count > 0);
        return new FoundPlace(
            place.Kind ?? "",
            place.Place ?? "",
            score,
            snippet,
            place.Picture,
            query.Role == ModelRole.ImageEmbedding && !isByWords ? Modality.Picture : AssetSearch.ModalityOf(place.Kind ?? "", source),
            !isByWords ? SearchMode.Meaning
                : query.Vector is null ? SearchMode.Words
                : SearchMode.Both
        );
    }

    private async Task<Dictionary<string, ServiceDocument>> ShowAsync(IEnumerable<ServiceHit> places, CancellationToken cancellationToken)
    {
        SearchOptions options = new()
        {
            Filter = ODataFilter.AnyOf(ServiceFields.Id, places.Select(place => place.Document.Id)),
            Size = ODataFilter.MaxResults,
        };
        foreach (string field in Shown)
        {
            options.Select.Add(field);
        }
        return (await client.SearchAsync("*", options, cancellationToken)).ToDictionary(
            hit => hit.Document.Id,
            hit => hit.Document,
            StringComparer.Ordinal
        );
    }

    private async Task<ILookup<string, string>> LocationsAsync(IReadOnlyList<string> contents, CancellationToken cancellationToken)
    {
        SearchOptions options = new()
        {
            Filter = $"{ODataFilter.Heads} and {ServiceFields.Gone} eq false and {ODataFilter.AnyOf(ServiceFields.Content, contents)}",
            Size = ODataFilter.MaxResults,
            Select = { ServiceFields.Asset, ServiceFields.Content },
        };
        return (await client.SearchAsync("*", options, cancellationToken))
            .GroupBy(hit => hit.Document.Content!, StringComparer.Ordinal)
            .SelectMany(same => same.Take(AssetSearch.MaxLocations))
            .ToLookup(hit => hit.Document.Content!, hit => hit.Document.Asset, StringComparer.Ordinal);
    }

    private static IReadOnlyList<FacetCount> Count(string facet, IReadOnlyList<ServiceHit> hits) =>
        [
            .. hits.SelectMany(hit =>
                    Counted[facet].Read(hit.Document).OfType<string>().Select(value => (hit.Document.Content, Value: value))
                )
                .Distinct()
                .GroupBy(one => one.Value, StringComparer.Ordinal)
                .Select(same => new FacetCount(same.Key, same.Count()))
                .OrderByDescending(count => count.Count)
                .ThenBy(count => count.Value, StringComparer.Ordinal)
                .Take(WordSearch.MostFacetValues),
        ];
}
