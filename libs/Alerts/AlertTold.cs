namespace Serverless.Alerts;

/// <summary>The data of a webhook event about an alert: what receivers are told of it.</summary>
internal sealed record AlertTold(
    string Id,
    string Rule,
    string Subject,
    AlertSeverity Severity,
    DateTimeOffset Opened,
    DateTimeOffset? Resolved,
    string Summary,
    double? Value,
    double? Limit,
    string? Link,
    int Occurrences,
    int Reminder
)
{
    public static AlertTold Of(Alert alert) =>
        new(
            alert.Id,
            alert.Rule,
            alert.Subject,
            alert.Severity,
            alert.Opened,
            alert.Resolved,
            alert.Summary,
            alert.Value,
            alert.Limit,
            alert.Link,
            alert.Occurrences,
            alert.Reminders
        );

    /// <summary>"alert.opened".</summary>
    public static string TypeOf(AlertChangeKind kind) => $"alert.{kind.ToString().ToLowerInvariant()}";
}
