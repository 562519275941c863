using System.Text.Json.Serialization;
using Serverless.Media;

namespace Serverless.Ingest;

/// <summary>One admitted asset version: all that an analyzer needs to know, wherever it runs.</summary>
/// <param name="Length">Bytes, as listed when it was admitted.</param>
/// <param name="Attempt">Which attempt at this version it is, counted over redrives.</param>
/// <param name="Registered">When the version was first admitted; only a current version is, so later versions have later
/// times, and the index lets the latest win.</param>
/// <param name="Run">1 for the first; each redrive adds one.</param>
/// <param name="Revision">1 for the first analysis of the version; each analysis by other models adds one.</param>
/// <param name="Given">What the uploader said of the object, as the store keeps it; null where nothing was.</param>
public sealed record AnalysisRequest(
    AssetSource Source,
    MediaKind Kind,
    string MediaType,
    long Length,
    int Attempt,
    DateTimeOffset Registered,
    int Run = 1,
    int Revision = 1,
    IReadOnlyDictionary<string, string>? Given = null
)
{
    /// <summary>The time by which the index tells which vectors of an asset are the latest: a revision is later by a tick.</summary>
    [JsonIgnore]
    public DateTimeOffset VectorTime => Registered.AddTicks(Revision - 1);

    /// <summary>An analysis stands already, until this one is complete.</summary>
    [JsonIgnore]
    public bool IsRevision => Revision > 1;
}
