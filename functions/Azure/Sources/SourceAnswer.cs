using Microsoft.DurableTask.Client;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Sources;

namespace Serverless.Functions.Azure.Sources;

/// <param name="IsBuiltIn">Set up with the deployment; the API does not change it.</param>
/// <param name="Found">How new objects are noticed.</param>
/// <param name="Synced">When the last sync came to its end; absent while one is at work or due.</param>
/// <param name="Counts">As far as the ledger knows its objects.</param>
/// <param name="Sync">The one that was last asked for.</param>
/// <param name="Erasure">Of a removed one whose analyses are erased.</param>
internal sealed record SourceAnswer(
    string Name,
    string Store,
    string Container,
    IReadOnlyList<string> Prefixes,
    IReadOnlyList<string> Types,
    int? RatePerSecond,
    SourceState State,
    bool IsBuiltIn,
    string Found,
    string? By,
    DateTimeOffset? Created,
    string? ChangedBy,
    DateTimeOffset? Changed,
    int Version,
    DateTimeOffset? Synced,
    SourceCounts Counts,
    SyncAnswer? Sync,
    ErasureAnswer? Erasure
)
{
    /// <summary>Nobody added or changed the built-in one; it has no rate, no sync and no erasure.</summary>
    public static SourceAnswer Of(MediaSource source, SourceCounts counts, SyncAnswer? sync, ErasureAnswer? erasure)
    {
        MediaSource? added = source.IsBuiltIn ? null : source;
        return new SourceAnswer(
            source.Name,
            source.Store,
            source.Container,
            source.Prefixes,
            source.Types,
            added?.RatePerSecond,
            source.State,
            source.IsBuiltIn,
            FoundOf(source),
            added?.By,
            added?.Created,
            added?.ChangedBy,
            added?.Changed,
            source.Version,
            added?.Synced,
            counts,
            sync,
            erasure
        );
    }

    private static string FoundOf(MediaSource source) =>
        source.State switch
        {
            _ when source.IsBuiltIn => "events tell of new objects at once; the reconcile finds what they missed, every five minutes",
            SourceState.Removed => "nothing is looked for",
            SourceState.Paused => "nothing new is begun; deletions are followed, every five minutes",
            _ when source.Synced is null => "the sync finds them",
            _ => "the reconcile finds new objects, every five minutes",
        };
}

/// <param name="Run">Its status and history, under <c>/api/runs</c>.</param>
/// <param name="Stage">"starting", or as the run says.</param>
internal sealed record SyncAnswer(
    string Id,
    string Run,
    string Stage,
    SyncCounts Counts,
    DateTimeOffset? Begun,
    double? PerSecond,
    double? SecondsLeft,
    IReadOnlyList<string>? Errors,
    string? Reason
)
{
    /// <param name="run">Null where it has yet to start.</param>
    public static SyncAnswer Of(string id, OrchestrationMetadata? run)
    {
        SyncStatus? status = run?.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<SyncStatus>();
        bool isOver = run?.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        return new SyncAnswer(
            id,
            $"/api/runs/{id}",
            isOver ? "failed" : status?.Stage ?? "starting",
            status?.Counts ?? new SyncCounts(),
            status?.Begun,
            status?.PerSecond,
            isOver ? null : status?.SecondsLeft,
            status?.Errors,
            run?.FailureDetails?.ErrorMessage ?? status?.Reason
        );
    }
}

/// <param name="Run">Its status and history, under <c>/api/runs</c>.</param>
internal sealed record ErasureAnswer(string Id, string Run, string Stage, long Erased)
{
    /// <param name="run">Null where it has yet to start.</param>
    public static ErasureAnswer Of(string id, OrchestrationMetadata? run)
    {
        EraseSourceStatus? status = run?.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<EraseSourceStatus>();
        return new ErasureAnswer(id, $"/api/runs/{id}", status?.Stage ?? "starting", status?.Erased ?? 0);
    }
}

internal sealed record PreviewedObject(string Key, long Length);

/// <summary>What a source would cover.</summary>
/// <param name="Seen">Objects that begin with a prefix, as far as they were counted.</param>
/// <param name="Matched">Of which so many pass the filter.</param>
/// <param name="IsWhole">False where there are more than were counted.</param>
/// <param name="Overlaps">Sources that may cover some of them already; an object that several cover is analysed once.</param>
internal sealed record SourcePreview(
    long Seen,
    long Matched,
    bool IsWhole,
    IReadOnlyList<PreviewedObject> Examples,
    IReadOnlyList<string> Overlaps
);
