using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>A body of <c>POST /api/alerts/mutes</c>.</summary>
/// <param name="Subject">One that ends in '*' is the beginning of some.</param>
internal sealed record MuteRequest(string? Rule, string? Subject, [Required] DateTimeOffset? Until, [Required] string? Reason);

/// <summary>A body of <c>PUT /api/alerts/rules</c>.</summary>
/// <param name="Rules">What differs from what the code has; all else is as the code has it.</param>
internal sealed record RulesRequest([Required] IReadOnlyDictionary<string, AlertRuleChange>? Rules, [Required] string? Reason);

/// <param name="Limits">What the limit of each rule counts, with its unit.</param>
internal sealed record RulesAnswer(
    int Revision,
    string? By,
    DateTimeOffset? At,
    string? Reason,
    IReadOnlyDictionary<string, AlertRule> Rules,
    IReadOnlyDictionary<string, string> Limits
)
{
    public static RulesAnswer Of(AlertRules rules) =>
        new(
            rules.Revision,
            rules.By,
            rules.At,
            rules.Reason,
            KnownRule.All.ToDictionary(known => known.Name, known => rules[known.Name]),
            KnownRule.All.Where(known => known.LimitMeans is not null).ToDictionary(known => known.Name, known => known.LimitMeans!)
        );
}

/// <param name="Outcomes">What came of each way; none where nobody is to be told of anything.</param>
internal sealed record TestAnswer(IReadOnlyList<RouteOutcome> Outcomes);
