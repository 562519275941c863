using Serverless.Alerts.Rules;

namespace Serverless.Alerts;

/// <summary>
/// What is told to nobody until it ends. An alert that is still open then is told; the end of one that was told before is told all the
/// same.
/// </summary>
/// <param name="Rule">Null for every rule.</param>
/// <param name="Subject">Null for every subject; one that ends in '*' is the beginning of some.</param>
public sealed record AlertMute(
    string Id,
    string? Rule,
    string? Subject,
    string By,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset Until
)
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    internal bool Covers(Alert alert, DateTimeOffset now) =>
        now < Until
        && (Rule is null || Rule == alert.Rule)
        && (
            Subject is null
            || (Subject.EndsWith('*') ? alert.Subject.StartsWith(Subject[..^1], StringComparison.Ordinal) : alert.Subject == Subject)
        );

    internal IEnumerable<string> Faults()
    {
        if (Rule is null && Subject is null)
        {
            yield return "rule and subject are both missing; expected is at least one.";
        }
        if (Rule is not null && !KnownRule.IsKnown(Rule))
        {
            yield return $"rule is '{Rule}'; expected are {string.Join(", ", KnownRule.All.Select(known => known.Name))}.";
        }
        if (Until <= Since || Until - Since > Longest)
        {
            yield return $"until is {Until:u}; expected is after now, {Since:u}, and within {Longest.TotalDays:0} days.";
        }
    }
}
