using Serverless.Ingest.Sources;

namespace Serverless.Orchestrations.Sources;

/// <summary>How far a sync has come: <c>Seen = Matched + Skipped</c>, <c>Matched = Begun + Known + Failed</c>.</summary>
/// <param name="Known">Had a run already, for instance by their events, or of a source that covers them too.</param>
/// <param name="Skipped">Kept out by the filter.</param>
/// <param name="Failed">Could not be begun; the reconcile tries again.</param>
/// <param name="Total">Objects that the listing had when it was counted; null until then.</param>
public sealed record SyncCounts(
    long Seen = 0,
    long Matched = 0,
    long Begun = 0,
    long Known = 0,
    long Skipped = 0,
    long Failed = 0,
    long? Total = null
);

/// <summary>What the run shows of itself while it works, and ends with.</summary>
/// <param name="Stage">"counting", "syncing", "waitingForUploads", "completed", "stopped" or "failed".</param>
/// <param name="PerSecond">Objects looked at a second, over all of it; null while there is nothing to tell by.</param>
/// <param name="SecondsLeft">At that pace; null while the total is not known.</param>
/// <param name="Errors">The last of what failed, with the object's name.</param>
public sealed record SyncStatus(
    string Stage,
    SyncCounts Counts,
    DateTimeOffset? Begun = null,
    double? PerSecond = null,
    double? SecondsLeft = null,
    IReadOnlyList<string>? Errors = null,
    string? Reason = null
);

/// <param name="Sync">Number of the sync, by which one that another has followed finds out.</param>
/// <param name="IsCounted">Whether the listing has been counted.</param>
/// <param name="At">Where to go on; null at the beginning.</param>
public sealed record SyncInput(
    string Store,
    string Name,
    int Sync,
    bool IsCounted = false,
    SourceCursor? At = null,
    SyncStatus? Status = null
);

/// <summary>One part of a sync.</summary>
public sealed record SyncStep(string Store, string Name, int Sync, SourceCursor At);

/// <param name="Next">Null at the end.</param>
/// <param name="Stopped">Why there is no more to do, where the source stands otherwise now.</param>
/// <param name="Fault">Why it cannot be listed.</param>
public sealed record CountedPart(long Seen, SourceCursor? Next, string? Stopped = null, string? Fault = null);

/// <param name="IsBusy">New uploads wait: they go first.</param>
/// <param name="RatePerSecond">Which the source has now.</param>
public sealed record SyncedPart(
    SyncCounts Counts,
    SourceCursor? Next,
    int RatePerSecond = 1,
    IReadOnlyList<string>? Errors = null,
    bool IsBusy = false,
    string? Stopped = null,
    string? Fault = null
);
