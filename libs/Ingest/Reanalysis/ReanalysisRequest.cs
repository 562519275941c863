using Serverless.Media;

namespace Serverless.Ingest.Reanalysis;

/// <summary>Which analyses are to be made anew: those that the version which serves now did not make.</summary>
/// <param name="Model">A model that a role of uploads names.</param>
/// <param name="Version">The version of it that serves; the run ends once another does.</param>
/// <param name="MadeBy">Only what this version of it made; null for whatever made it.</param>
/// <param name="Prefix">Only assets whose name below media/ begins so.</param>
/// <param name="RatePerMinute">Analyses begun a minute at most.</param>
public sealed record ReanalysisRequest(
    string Model,
    int Version,
    int? MadeBy = null,
    MediaKind? Kind = null,
    string? Store = null,
    string? Prefix = null,
    int RatePerMinute = ReanalysisRequest.DefaultRate
)
{
    public const int DefaultRate = 600;
    public const int MaxRate = 60_000;

    /// <summary>What attempts are counted under.</summary>
    public string Target => $"{Model}/{Version}";
}
