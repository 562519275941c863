namespace Serverless.Alerts.Rules;

/// <summary>When something is told, how urgently and to whom.</summary>
/// <param name="Limit">In the unit that <see cref="KnownRule.LimitMeans"/> names; null of a rule that has none, or that waits
/// for somebody to set one.</param>
/// <param name="For">For how long it must be found at each look before the alert opens.</param>
/// <param name="ResolveAfter">For how long it must no longer be found before the alert ends.</param>
/// <param name="RepeatAfter">After how long an alert that nobody has acknowledged is told again; null for never.</param>
public sealed record AlertRule(
    bool Enabled,
    AlertSeverity Severity,
    double? Limit,
    TimeSpan For,
    TimeSpan ResolveAfter,
    TimeSpan? RepeatAfter,
    AlertRoutes Routes
);

/// <param name="Mail">Addresses, each of which gets a message of its own; null for none.</param>
public sealed record AlertRoutes(bool Webhook = true, IReadOnlyList<string>? Mail = null)
{
    public static AlertRoutes Default { get; } = new();
}

/// <summary>What somebody wants otherwise than the code has it. What is absent is as the code has it.</summary>
public sealed record AlertRuleChange(
    bool? Enabled = null,
    AlertSeverity? Severity = null,
    double? Limit = null,
    TimeSpan? For = null,
    TimeSpan? ResolveAfter = null,
    TimeSpan? RepeatAfter = null,
    AlertRoutes? Routes = null
)
{
    public AlertRule Over(AlertRule rule) =>
        new(
            Enabled ?? rule.Enabled,
            Severity ?? rule.Severity,
            Limit ?? rule.Limit,
            For ?? rule.For,
            ResolveAfter ?? rule.ResolveAfter,
            RepeatAfter ?? rule.RepeatAfter,
            Routes ?? rule.Routes
        );
}
