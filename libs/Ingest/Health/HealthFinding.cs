using System.Text.Json.Serialization;

namespace Serverless.Ingest.Health;

/// <summary>Something that is not as it should be.</summary>
public sealed record HealthFinding(string Thing, string Found, string Expected);

/// <summary>What is still to be done somewhere: uploads of a store by the ledger, or jobs of a queue.</summary>
/// <param name="InHand">
/// Of the items, those that are worked on now; of a queue too long to tell, the jobs that workers report. Absent where that is unknown.
/// </param>
/// <param name="OldestSeconds">Since when the oldest of those that wait, or of all that are left, is there.</param>
/// <param name="Store">The store that it is in.</param>
/// <param name="Queue">The queue, or <see cref="Uploads"/>.</param>
public sealed record Backlog(
    string Thing,
    long Items,
    long? InHand,
    double? OldestSeconds,
    [property: JsonIgnore] string Store,
    [property: JsonIgnore] string Queue
)
{
    public const string Uploads = "uploads";

    /// <summary>Nobody is known to work on any: not to know is no reason to wait longer.</summary>
    [JsonIgnore]
    public bool IsIdle => InHand is not > 0;
}

/// <param name="Members">Who reported in time: workers, and what a supervisor has started.</param>
/// <param name="AsOf">When the look began; what came later may be missing from it.</param>
public sealed record PipelineReport(
    IReadOnlyList<HealthFinding> Findings,
    IReadOnlyList<Backlog> Backlogs,
    IReadOnlyList<ReportedMember> Members,
    DateTimeOffset AsOf
);
