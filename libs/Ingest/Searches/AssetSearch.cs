using System.Text;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Media;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>
/// Finds assets by words, by meaning, or by both, with filters that hold for either before anything is ranked. Thread-safe.
/// </summary>
public sealed class AssetSearch(AssetIndex index, IndexedWords words, TimeProvider time) : IAssetSearch
{
    /// <summary>Places that each ranking gives; whoever pages on ends where these end.</summary>
    public const int Depth = 1_000;

    /// <summary>Of one asset.</summary>
    public const int MaxPlaces = 5;

    /// <summary>Of one content.</summary>
    public const int MaxLocations = 100;

    private readonly RecentFilters _filters = new();

    public async Task<FoundPage> SearchAsync(AssetQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset asOf = query.After?.AsOf ?? time.GetUtcNow();
        WordFilter filter = query.FilterOfPage;
        bool isComplete = words.IsCaughtUp && (query.Vector is null || index.IsComplete(query.Vector.Space));
        using WordSearch search = words.Index.Search(query.Words, filter);
        HashSet<string> without = query.Without is { } asked ? SameAs(asked, search) : NoAssets;
        IReadOnlyList<WordHit> byWords = [.. search.Rank(Depth).Where(hit => !without.Contains(hit.Asset))];
        IReadOnlyList<VectorHit> byMeaning = query.Vector is { } vector
            ? await CompareAsync(query, filter, vector, search, without, cancellationToken)
            : [];
        PlaceRankings rankings = new(byWords, byMeaning, search.ContentOf, query is { Words: not null, Vector: not null });
        IReadOnlyList<Ranked> contents = rankings.Contents();
        Ranked[] page = [.. contents.Where(content => query.After?.HasGiven(content.Key) != true).Take(query.Limit + 1)];
        return new FoundPage(
            [.. page.Take(query.Limit).Select(content => Describe(content, query.Role, rankings, search))],
            query.Facets.Count > 0 ? search.Count(query.Facets, [.. byMeaning.Select(hit => hit.Asset).Distinct()]) : Nothing,
            page.Length > query.Limit ? SearchCursor.After(query.After, asOf, page[..^1].Select(content => content.Key)) : null,
            isComplete
        );
    }

    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyCollection<string>> LocationsOfAsync(string asset, CancellationToken cancellationToken)
    {
        using WordSearch search = words.Index.Search(query: null, new WordFilter());
        return Task.FromResult<IReadOnlyCollection<string>>(SameAs(asset, search));
    }

    private static readonly Dictionary<string, IReadOnlyList<FacetCount>> Nothing = [];
    private static readonly HashSet<string> NoAssets = [];

    private static HashSet<string> SameAs(string asset, WordSearch search) =>
        [asset, .. search.AssetsWith(search.ContentOf(asset), MaxLocations)];

    /// <summary>A kind the vectors tell apart themselves; all else is asked of the words.</summary>
    private Task<IReadOnlyList<VectorHit>> CompareAsync(
        AssetQuery query,
        WordFilter filter,
        QueryVector vector,
        WordSearch search,
        HashSet<string> without,
        CancellationToken cancellationToken
    )
    {
        string? kind = filter.Kinds is [var only] ? only : null;
        VectorFilter? admitted =
            query.Words?.Binds == true ? _filters.Of(search)
            : filter.NeedsWords ? _filters.Of(search, filter)
            : null;
        if (without.Count > 0)
        {
            VectorFilter others = Without(without);
            admitted = admitted is null ? others : admitted.And(others);
        }
        return index.SearchAsync(query.Role, vector, Depth, kind, admitted, cancellationToken);
    }

    private static VectorFilter Without(IEnumerable<string> assets) =>
        VectorFilter.Without(assets.Select(asset => PlaceKey.Of(0, Encoding.UTF8.GetBytes(asset))).ToHashSet());

    private static FoundAsset Describe(Ranked content, ModelRole role, PlaceRankings rankings, WordSearch search)
    {
        string asset = rankings.BestOf(content.Key);
        List<FoundPlace> places = [];
        (string? version, string? language, DateTimeOffset? registered) = (null, null, null);
        foreach (Ranked place in rankings.PlacesOf(asset).Take(MaxPlaces))
        {
            WordDetails? details = search.Find(asset, place.Key);
            VectorHit? vector = rankings.VectorOf(asset, place.Key);
            string kind = vector?.Kind ?? details?.Kind ?? "";
            (version, language, registered) = (
                version ?? vector?.Version ?? details?.Version,
                language ?? details?.Language,
                registered ?? details?.Registered
            );
            bool isByWords = rankings.IsByWords(asset, place.Key);
            places.Add(
                new FoundPlace(
                    kind,
                    place.Key,
                    place.Score,
                    details?.Snippet ?? new Snippet(vector?.Text ?? "", []),
                    details?.Picture,
                    role == ModelRole.ImageEmbedding && !isByWords ? Modality.Picture : ModalityOf(kind, details?.Source),
                    !isByWords ? SearchMode.Meaning
                        : vector is null ? SearchMode.Words
                        : SearchMode.Both
                )
            );
        }
        string[] others = [.. search.AssetsWith(content.Key, MaxLocations).Where(other => other != asset).Order(StringComparer.Ordinal)];
        return new FoundAsset(asset, version ?? "", content.Score, language, registered, places, [asset, .. others]);
    }

    /// <param name="source">Null where the words are not known, or not yet.</param>
    public static Modality ModalityOf(string kind, WordSource? source) =>
        source switch
        {
            WordSource.Text => Modality.Text,
            WordSource.Caption => Modality.Caption,
            WordSource.Metadata => Modality.Metadata,
            null when kind == EntryKind.Of(MediaKind.Text) => Modality.Text,
            _ => Modality.Label,
        };
}
