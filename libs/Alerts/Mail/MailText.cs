using System.Globalization;
using System.Text;
using Serverless.Alerts.Rules;

namespace Serverless.Alerts.Mail;

/// <summary>What a message says. Plain text; it names links of the app without its host, which the app does not know.</summary>
/// <param name="Id">The same however often it is tried, so that a mailbox may drop repeats.</param>
public sealed record MailText(string Id, DateTimeOffset Made, string Subject, string Body)
{
    /// <summary>Of a look that changed more, the rest is counted.</summary>
    private const int MaxChanges = 50;

    private const int MaxSubject = 150;

    internal static MailText Of(AlertDispatch dispatch) =>
        new(dispatch.Id, dispatch.Made, SubjectOf(dispatch.Changes), BodyOf(dispatch.Changes));

    private static string SubjectOf(IReadOnlyList<AlertChange> changes)
    {
        string severity = changes.Max(change => change.Alert.Severity).ToString().ToLowerInvariant();
        string what = changes is [var one]
            ? $"{one.Alert.Rule} of {one.Alert.Subject}: {Word(one.Kind)}"
            : string.Join(", ", changes.GroupBy(change => change.Kind).Select(kind => $"{kind.Count()} {Word(kind.Key)}"));
        string subject = $"[{severity}] {what}";
        return subject.Length <= MaxSubject ? subject : string.Concat(subject.AsSpan(0, MaxSubject - 1), "…");
    }

    private static string BodyOf(IReadOnlyList<AlertChange> changes)
    {
        StringBuilder body = new();
        foreach ((AlertChangeKind kind, Alert alert, _) in changes.Take(MaxChanges))
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"{Word(kind)}: {alert.Rule} of {alert.Subject} ({alert.Severity})");
            body.AppendLine(CultureInfo.InvariantCulture, $"  {alert.Summary}");
            body.AppendLine(
                CultureInfo.InvariantCulture,
                $"  opened {alert.Opened:u}{(alert.Resolved is { } end ? $", resolved {end:u}" : "")}"
            );
            // A test is kept in no book, and there is nothing to do about it.
            if (KnownRule.IsKnown(alert.Rule))
            {
                body.AppendLine(CultureInfo.InvariantCulture, $"  alert /api/alerts/{alert.Id}, what to do: /api/runbooks/{alert.Rule}");
                body.AppendLine(CultureInfo.InvariantCulture, $"  both as they stand now: /api/console#alerts/{alert.Rule}/{alert.Id}");
            }
            body.AppendLine();
        }
        if (changes.Count > MaxChanges)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"And {changes.Count - MaxChanges} more: /api/alerts");
        }
        return body.ToString();
    }

    private static string Word(AlertChangeKind kind) =>
        kind switch
        {
            AlertChangeKind.Opened => "opened",
            AlertChangeKind.Resolved => "resolved",
            _ => "still open",
        };
}
