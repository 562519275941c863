using Serverless.Drift.Summaries;

namespace Serverless.Drift.Checks;

/// <summary>
/// The document <c>drift/{model}/{version}/{environment}/reference.json.gz</c>: what a version's windows are held against.
/// </summary>
/// <param name="By">Null where the first window with enough predictions pinned itself.</param>
public sealed record PinnedReference(StoredWindow Window, string? By, string? Reason, DateTimeOffset At);
