namespace Serverless.Alerts.Rules;

/// <summary>When something is told, how urgently and to whom.</summary>
/// <param name="Limit">In the unit that <see cref="KnownRule.LimitMeans"/> names; null of a rule that has none.</param>
/// <param name="For">For how long it must be found at each look before the alert opens; null for once.</param>
/// <param name="ResolveAfter">For how long it must no longer be found before the alert ends; null for once.</param>
/// <param name="RepeatAfter">After how long an alert that nobody has acknowledged is told again; null for never.</param>
/// <param name="Routes">The webhooks where it says nothing.</param>
public sealed record AlertRule(
    bool Enabled = true,
    AlertSeverity Severity = AlertSeverity.Warning,
    double? Limit = null,
    TimeSpan? For = null,
    TimeSpan? ResolveAfter = null,
    TimeSpan? RepeatAfter = null,
    AlertRoutes? Routes = null
);

/// <param name="Mail">Addresses, each of which gets a message of its own.</param>
public sealed record AlertRoutes(bool Webhook = true, IReadOnlyList<string>? Mail = null)
{
    public static AlertRoutes Default { get; } = new();
}
