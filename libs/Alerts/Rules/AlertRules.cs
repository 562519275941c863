namespace Serverless.Alerts.Rules;

/// <summary>All rules as they stand, and who said so; a rule that the document does not name is as the code has it.</summary>
/// <param name="Revision">0 for what the code has; each change counts on.</param>
public sealed record AlertRules(
    int Revision,
    IReadOnlyDictionary<string, AlertRule> Rules,
    string? By = null,
    DateTimeOffset? At = null,
    string? Reason = null
)
{
    public static AlertRules Default { get; } = new(0, new Dictionary<string, AlertRule>());

    public AlertRule this[string name] => Rules.TryGetValue(name, out AlertRule? rule) ? rule : KnownRule.Named(name).Default;
}
