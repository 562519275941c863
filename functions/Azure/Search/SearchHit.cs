using Serverless.Ingest.Ledgers;
using Serverless.Vectors;

namespace Serverless.Functions.Azure.Search;

/// <summary>A found place: in a text by its offsets, in a video by its seconds, otherwise the whole asset.</summary>
/// <param name="Place">As a fragment that may follow the asset's address: <c>char=120,350</c>, <c>t=12.48,20.1</c>, or nothing.</param>
/// <param name="Score">Cosine of the angle to the query, from -1 to 1.</param>
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
    float Score,
    string Snippet
)
{
    public static SearchHit Of(VectorHit hit, LedgerRow? row)
    {
        (int Start, int End)? offsets = global::Serverless.Ingest.Analyzers.Place.ReadText(hit.Place);
        (double Start, double End)? seconds = global::Serverless.Ingest.Analyzers.Place.ReadTime(hit.Place);
        return new SearchHit(
            hit.Asset,
            hit.Version,
            row?.Store,
            row?.Key,
            hit.Kind,
            hit.Place,
            offsets?.Start,
            offsets?.End,
            seconds?.Start,
            seconds?.End,
            hit.Score,
            hit.Text
        );
    }
}

internal sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits, double Milliseconds);
