using System.Text.RegularExpressions;

namespace Serverless.Media.Sniffing;

/// <summary>Whether text carries enough Markdown to be read as such. Taking plain text for Markdown does little harm, because only
/// marks are removed; so two different kinds of mark, or two headings, are enough.</summary>
internal static partial class MarkdownSigns
{
    public static bool AreIn(string text)
    {
        int headings = Heading().Count(text);
        int kinds =
            (headings > 0 ? 1 : 0)
            + (Fence().IsMatch(text) ? 1 : 0)
            + (Link().IsMatch(text) ? 1 : 0)
            + (Strong().IsMatch(text) ? 1 : 0)
            + (ListItem().Count(text) >= 2 ? 1 : 0)
            + (TableRule().IsMatch(text) ? 1 : 0)
            + (Quote().IsMatch(text) ? 1 : 0);
        return headings >= 2 || kinds >= 2;
    }

    [GeneratedRegex(@"^ {0,3}#{1,6} +\S", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ {0,3}(```|~~~)", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[[^\]\n]{1,200}\]\([^)\s]{1,500}[^)\n]{0,100}\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(\*\*|__)\w[^*_\n]{0,200}(\*\*|__)")]
    private static partial Regex Strong();

    [GeneratedRegex(@"^ {0,3}([-*+]|\d{1,3}\.) +\S", RegexOptions.Multiline)]
    private static partial Regex ListItem();

    [GeneratedRegex(@"^\|? *:?-{3,}:? *\|", RegexOptions.Multiline)]
    private static partial Regex TableRule();

    [GeneratedRegex(@"^> +\S", RegexOptions.Multiline)]
    private static partial Regex Quote();
}
