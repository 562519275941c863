using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>What of a place was found.</summary>
public enum Modality
{
    /// <summary>Its text.</summary>
    Text,

    /// <summary>How it looks.</summary>
    Picture,

    /// <summary>What a model says is in the picture.</summary>
    Label,

    /// <summary>What is said there, by the subtitles.</summary>
    Caption,

    /// <summary>What the file or its uploader says of a text, picture or film: name, title, description, keywords.</summary>
    Metadata,
}

/// <param name="Score">As that of <see cref="FoundAsset"/>, among places.</param>
/// <param name="Picture">Path of a picture that shows it.</param>
public sealed record FoundPlace(
    string Kind,
    string Place,
    double Score,
    Snippet Snippet,
    string? Picture,
    Modality Modality,
    SearchMode FoundBy
);

/// <summary>
/// An asset and where in it something was found, the best place first. Of assets with the same content it is the one that was found best.
/// </summary>
/// <param name="Locations">All assets with its content, itself among them; at most <see cref="AssetSearch.MaxLocations"/>.</param>
/// <param name="Score">
/// By both: the sum of reciprocal ranks, at most 2/61. By words: BM25, above 0. By meaning: the cosine of the best place, from -1 to 1.
/// </param>
public sealed record FoundAsset(
    string Asset,
    string Version,
    double Score,
    string? Language,
    DateTimeOffset? Registered,
    IReadOnlyList<FoundPlace> Places,
    IReadOnlyList<string> Locations
);

/// <summary>A page of what was found.</summary>
/// <param name="Next">Null on the last page.</param>
/// <param name="IsComplete">
/// False while this process still reads older analyses after its start, which words and filters may miss, and while a part of the index
/// that was asked is damaged.
/// </param>
public sealed record FoundPage(
    IReadOnlyList<FoundAsset> Assets,
    IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets,
    SearchCursor? Next,
    bool IsComplete
);
