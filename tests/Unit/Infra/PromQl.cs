using System.Text.RegularExpressions;

namespace Serverless.Unit.Infra;

/// <summary>The names of metrics in an expression of PromQL, as far as ours go.</summary>
internal static partial class PromQl
{
    private static readonly string[] Operators = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring"];

    public static IEnumerable<string> MetricsIn(string expression)
    {
        string bare = Grouping().Replace(Range().Replace(Selector().Replace(Text().Replace(expression, ""), ""), ""), " ");
        return Name().Matches(bare).Select(match => match.Value).Where(name => !Operators.Contains(name)).Distinct();
    }

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    /// <summary>Not a number's exponent, and no function, which has its parenthesis.</summary>
    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Name();
}
