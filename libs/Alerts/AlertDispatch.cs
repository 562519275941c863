using Serverless.Alerts.Rules;

namespace Serverless.Alerts;

/// <summary>All changes of one look that go one way.</summary>
/// <param name="Id">Sorts by time; the same however often it is tried.</param>
/// <param name="To">A mail address; null for the webhooks.</param>
/// <param name="NotBefore">When it is tried next.</param>
internal sealed record AlertDispatch(
    string Id,
    string? To,
    DateTimeOffset Made,
    IReadOnlyList<AlertChange> Changes,
    int Attempts = 0,
    DateTimeOffset? NotBefore = null
)
{
    public static IEnumerable<AlertDispatch> Of(IEnumerable<AlertChange> changes, AlertRules rules, DateTimeOffset now) =>
        changes
            .Where(change => !change.IsMuted)
            .SelectMany(change => WaysOf(rules[change.Alert.Rule].Routes).Select(to => (To: to, Change: change)))
            .GroupBy(one => one.To, one => one.Change)
            .Select(route => Of(route.Key, [.. route], now));

    /// <summary>The empty address stands for the webhooks.</summary>
    private static IEnumerable<string> WaysOf(AlertRoutes routes) =>
        (routes.Mail ?? []).Distinct(StringComparer.OrdinalIgnoreCase).Concat(routes.Webhook ? [""] : []);

    private static AlertDispatch Of(string to, IReadOnlyList<AlertChange> changes, DateTimeOffset now)
    {
        string names = string.Join('\n', changes.Select(change => $"{change.Kind} {change.Alert.Id} {change.Alert.Reminders}"));
        return new AlertDispatch(AlertId.Of(now, $"{to}\n{names}"), to.Length == 0 ? null : to, now, changes);
    }
}
