namespace Serverless.Alerts.Rules;

/// <summary>All rules as they stand, and who said so.</summary>
/// <param name="Changes">By the name of the rule; one that is not named is as the code has it.</param>
/// <param name="Revision">0 for what the code has; each change counts on.</param>
public sealed record AlertRules(
    int Revision,
    IReadOnlyDictionary<string, AlertRuleChange> Changes,
    string? By = null,
    DateTimeOffset? At = null,
    string? Reason = null
)
{
    public static AlertRules Default { get; } = new(0, new Dictionary<string, AlertRuleChange>());

    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public AlertRule this[string name]
    {
        get
        {
            AlertRule rule = KnownRule.Named(name).Default;
            return Changes.TryGetValue(name, out AlertRuleChange? change) ? change.Over(rule) : rule;
        }
    }
}
