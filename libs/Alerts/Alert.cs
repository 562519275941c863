namespace Serverless.Alerts;

public enum AlertSeverity
{
    Info,
    Warning,
    Critical,
}

/// <summary>Something that is not as a rule wants it, from the look that found it until it has ended.</summary>
/// <param name="Id">Tells when it opened, so that ids sort by time: "20260131T120000000-1a2b3c4d".</param>
/// <param name="LastSeen">When it was last found active, to the minute.</param>
/// <param name="Occurrences">How often it began, ends shorter than the rule's resolveAfter between.</param>
/// <param name="InactiveSince">Since when it is no longer found; null while it is.</param>
/// <param name="Told">When its opening or the last reminder was told; null where it was muted from the start.</param>
public sealed record Alert(
    string Id,
    string Rule,
    string Subject,
    AlertSeverity Severity,
    DateTimeOffset Opened,
    DateTimeOffset LastSeen,
    string Summary,
    double? Value = null,
    double? Limit = null,
    string? Link = null,
    int Occurrences = 1,
    DateTimeOffset? InactiveSince = null,
    DateTimeOffset? Resolved = null,
    string? AcknowledgedBy = null,
    DateTimeOffset? AcknowledgedAt = null,
    string? AcknowledgedReason = null,
    DateTimeOffset? Told = null,
    int Reminders = 0,
    IReadOnlyList<AlertAct>? Acts = null,
    AlertAbout? About = null
)
{
    private const int MaxActs = 20;

    internal (string Rule, string Subject) Key => (Rule, Subject);

    /// <exception cref="AlertException">Somebody else was faster.</exception>
    internal Alert Acknowledge(string by, DateTimeOffset at, string reason) =>
        AcknowledgedBy is null
            ? Record("acknowledged", by, at, reason) with
            {
                AcknowledgedBy = by,
                AcknowledgedAt = at,
                AcknowledgedReason = reason,
            }
            : throw new AlertException(AlertFault.Conflict, $"Alert '{Id}' was acknowledged by {AcknowledgedBy} at {AcknowledgedAt:u}.");

    /// <summary>The latest acts are remembered.</summary>
    internal Alert Record(string act, string by, DateTimeOffset at, string reason) =>
        this with
        {
            Acts = [.. (Acts ?? []).TakeLast(MaxActs - 1), new AlertAct(act, by, at, reason)],
        };
}

/// <summary>What somebody did about an alert: "acknowledged", "resolved".</summary>
public sealed record AlertAct(string Act, string By, DateTimeOffset At, string Reason);

public enum AlertChangeKind
{
    Opened,
    Resolved,

    /// <summary>It lasts, and nobody has acknowledged it.</summary>
    Reminder,
}

/// <param name="IsMuted">It is recorded and told to nobody.</param>
public sealed record AlertChange(AlertChangeKind Kind, Alert Alert, bool IsMuted = false);
