using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;

namespace Serverless.Local.Stack;

// What the Functions app answers, as far as a caller reads it.

public sealed record SummaryAnswer(IReadOnlyList<IngestSummary> Stores, IngestSummary Total, DateTimeOffset AsOf);

public sealed record AssetPage(IReadOnlyList<AssetItem> Items, string? Next);

public sealed record AssetItem(
    string Asset,
    string Store,
    string Key,
    string Version,
    AssetState State,
    MediaKind? Kind,
    string? MediaType,
    int Run,
    int Attempts,
    DateTimeOffset Registered,
    DateTimeOffset? Finished,
    Failure? Failure
);

public sealed record SearchAnswer(
    IReadOnlyList<SearchHit> Hits,
    IReadOnlyDictionary<string, IReadOnlyList<FacetItem>> Facets,
    string? Next,
    bool IsComplete,
    double Milliseconds
);

public sealed record SearchHit(
    string Asset,
    string? Store,
    string? Key,
    string Kind,
    string Place,
    double Score,
    string Snippet,
    IReadOnlyList<HighlightItem> Highlights,
    string? Picture,
    string Modality,
    string FoundBy,
    string? Language,
    IReadOnlyList<SearchMoment> Places
);

public sealed record SearchMoment(string Kind, string Place, double? StartSeconds, double? EndSeconds, string? Picture, string Snippet);

public sealed record HighlightItem(int Start, int Length);

public sealed record FacetItem(string Value, int Count);
