using System.Globalization;
using MimeKit;

namespace Serverless.Alerts.Rules;

/// <summary>What is wrong with rules that somebody wants: all of it, each with field, found and expected.</summary>
internal static class AlertRulesCheck
{
    private const int MaxAddresses = 10;
    private const int MaxAddress = 254; // RFC 5321, 4.5.3.1.3

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromDays(7);

    public static IEnumerable<string> FaultsOf(IReadOnlyDictionary<string, AlertRuleChange> rules) =>
        rules.SelectMany(rule =>
            KnownRule.IsKnown(rule.Key)
                ? FaultsOf(KnownRule.Named(rule.Key), rule.Value).Select(fault => $"rules.{rule.Key}.{fault}")
                : [$"rules.{rule.Key} is no rule; expected are {string.Join(", ", KnownRule.All.Select(known => known.Name))}."]
        );

    private static IEnumerable<string> FaultsOf(KnownRule known, AlertRuleChange rule)
    {
        if (rule.Severity is { } severity && !Enum.IsDefined(severity))
        {
            yield return $"severity is {(int)severity}; expected is info, warning or critical.";
        }
        if (LimitFault(known, rule.Limit) is { } limit)
        {
            yield return limit;
        }
        foreach ((string name, TimeSpan? wait) in new[] { ("for", rule.For), ("resolveAfter", rule.ResolveAfter) })
        {
            if (wait is { } found && (found < TimeSpan.Zero || found > LongestWait))
            {
                yield return $"{name} is {found:c}; expected are 00:00:00 to {LongestWait:c}.";
            }
        }
        if (rule.RepeatAfter is { } repeat && (repeat < ShortestRepeat || repeat > LongestRepeat))
        {
            yield return $"repeatAfter is {repeat:c}; expected are {ShortestRepeat:c} to {LongestRepeat:c}, or none.";
        }
        IReadOnlyList<string> mail = rule.Routes?.Mail ?? [];
        if (mail.Count > MaxAddresses)
        {
            yield return $"routes.mail has {mail.Count} addresses; expected are at most {MaxAddresses}.";
        }
        foreach (string address in mail.Where(address => !IsAddress(address)).Take(MaxAddresses))
        {
            yield return $"routes.mail holds '{address}'; expected are addresses such as ana@example.org.";
        }
    }

    private static string? LimitFault(KnownRule known, double? limit) =>
        (known.LimitMeans, limit) switch
        {
            (_, null) => null,
            (null, { } found) => $"limit is {Write(found)}; expected is none, since whoever looks judges.",
            ({ } means, { } found) when !(found >= 0 && found <= known.Most) => $"limit is {Write(found)}; expected are {means}.",
            _ => null,
        };

    private static bool IsAddress(string address) =>
        address.Length <= MaxAddress
        && MailboxAddress.TryParse(address, out MailboxAddress? parsed)
        && parsed.Address == address
        && address.IndexOf('@', StringComparison.Ordinal) > 0;

    private static string Write(double number) => number.ToString(CultureInfo.InvariantCulture);
}
