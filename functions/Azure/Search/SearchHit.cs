using Serverless.Functions.Azure.Assets;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Searches;
using Serverless.Words;
using static Serverless.Ingest.Analyzers.Place;

namespace Serverless.Functions.Azure.Search;

/// <summary>A found asset, with its best place: in a text by its offsets, in a video by its seconds, otherwise the whole asset.</summary>
/// <param name="Place">As a fragment that may follow the asset's address: <c>char=120,350</c>, <c>t=12.48,20.1</c>, or nothing.</param>
/// <param name="Score">
/// By both: the sum of reciprocal ranks. By words: BM25. By meaning, or a picture: cosine of the angle to the query, from -1 to 1.
/// </param>
/// <param name="Highlights">Where the words stand in the snippet, which is plain text.</param>
/// <param name="Picture">Path of the thumbnail or keyframe in the asset's store.</param>
/// <param name="Places">The best places of the asset, this one first.</param>
/// <param name="Locations">Where the same content lies, this asset first; at most 100.</param>
internal sealed record SearchHit(
    string Asset,
    string Version,
    string? Store,
    string? Key,
    string Kind,
    string Place,
    int? Start,
    int? End,
    double? StartSeconds,
    double? EndSeconds,
    double Score,
    string Snippet,
    IReadOnlyList<Highlight> Highlights,
    string? Picture,
    Modality Modality,
    SearchMode FoundBy,
    string? Language,
    DateTimeOffset? Registered,
    IReadOnlyList<SearchPlace> Places,
    IReadOnlyList<AssetLocation> Locations
)
{
    public static SearchHit Of(FoundAsset found, LedgerViews views)
    {
        LedgerRow? row = views.Find(found.Asset);
        SearchPlace[] places = [.. found.Places.Select(SearchPlace.Of)];
        SearchPlace best = places[0];
        return new SearchHit(
            found.Asset,
            found.Version,
            row?.Store,
            row?.Key,
            best.Kind,
            best.Place,
            best.Start,
            best.End,
            best.StartSeconds,
            best.EndSeconds,
            found.Score,
            best.Snippet,
            best.Highlights,
            best.Picture,
            best.Modality,
            best.FoundBy,
            found.Language,
            found.Registered,
            places,
            AssetLocation.Of(found.Locations, views)
        );
    }
}

/// <summary>A passage, a picture or a moment of a film.</summary>
internal sealed record SearchPlace(
    string Kind,
    string Place,
    int? Start,
    int? End,
    double? StartSeconds,
    double? EndSeconds,
    double Score,
    string Snippet,
    IReadOnlyList<Highlight> Highlights,
    string? Picture,
    Modality Modality,
    SearchMode FoundBy
)
{
    public static SearchPlace Of(FoundPlace found)
    {
        (int Start, int End)? offsets = ReadText(found.Place);
        (double Start, double End)? seconds = ReadTime(found.Place);
        return new SearchPlace(
            found.Kind,
            found.Place,
            offsets?.Start,
            offsets?.End,
            seconds?.Start,
            seconds?.End,
            found.Score,
            found.Snippet.Text,
            found.Snippet.Highlights,
            found.Picture,
            found.Modality,
            found.FoundBy
        );
    }
}

/// <param name="Facets">Of each that was asked for its most frequent values, by how many of the found assets have them.</param>
/// <param name="Next">The token of the next page; absent on the last.</param>
/// <param name="IsComplete">
/// False while older analyses are read after a start, and while a part of the index is damaged: some may not be found.
/// </param>
internal sealed record SearchAnswer(
    IReadOnlyList<SearchHit> Hits,
    IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets,
    string? Next,
    bool IsComplete,
    double Milliseconds
);
