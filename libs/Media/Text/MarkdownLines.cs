using System.Text.RegularExpressions;

namespace Serverless.Media.Text;

/// <summary>
/// Lines of Markdown that are marks as a whole, and what ends others. Each question looks at a line a fixed number of times.
/// </summary>
internal static partial class MarkdownLines
{
    /// <summary>A thematic break, or the underline of a heading.</summary>
    public static bool IsRule(ReadOnlySpan<char> content)
    {
        char mark = content[0];
        return mark switch
        {
            '=' => content.IndexOfAnyExcept('=') < 0,
            '-' or '*' or '_' => content.IndexOfAnyExcept(mark, ' ', '\t') < 0 && (content.Count(mark) > 2 || content is "--"),
            _ => false,
        };
    }

    /// <summary>The line between a table's head and its rows.</summary>
    public static bool IsTableRule(ReadOnlySpan<char> content) =>
        content.IndexOfAnyExcept(" \t:|-") < 0 && content.Contains('|') && content.Contains('-');

    /// <summary>Whether the space before a line makes it code, where it continues neither a paragraph nor a list.</summary>
    public static bool IsIndented(ReadOnlySpan<char> space)
    {
        int spaces = space.IndexOfAnyExcept(' ') is >= 0 and int other ? other : space.Length;
        return spaces > 3 || (spaces < space.Length && space[spaces] == '\t');
    }

    /// <summary>The label of a definition of a link's target, which is no text; null for other lines. The target may stand on the next
    /// line. A footnote, which is text, starts in the same way.</summary>
    public static string? LabelOf(ReadOnlySpan<char> content, out bool hasTarget)
    {
        hasTarget = false;
        if (content.IsEmpty || content[0] != '[' || !Definition().IsMatch(content))
        {
            return null;
        }
        int end = content.IndexOf("]:", StringComparison.Ordinal);
        hasTarget = end + 2 < content.Length;
        return content[1..end].ToString();
    }

    /// <summary>A target, with or without a title, that stands under the label it belongs to.</summary>
    public static bool IsTarget(ReadOnlySpan<char> content) => Target().IsMatch(content);

    /// <summary>The marks that open code and that close it again at the same or a greater length.</summary>
    public static string? FenceOf(ReadOnlySpan<char> content)
    {
        if (content.IsEmpty || content[0] is not ('`' or '~'))
        {
            return null;
        }
        int length = content.IndexOfAnyExcept(content[0]) is >= 0 and int other ? other : content.Length;
        bool isCode = length > 2 && (content[0] == '~' || !content[length..].Contains('`'));
        return isCode ? content[..length].ToString() : null;
    }

    /// <summary>Without the closing marks, which stand apart: "C#" keeps its own.</summary>
    public static int EndOfHeading(string text, int start, int end)
    {
        ReadOnlySpan<char> content = text.AsSpan(start, end - start).TrimEnd();
        ReadOnlySpan<char> unmarked = content.TrimEnd('#');
        bool isMarked = unmarked.IsEmpty || char.IsWhiteSpace(unmarked[^1]);
        return start + (isMarked ? unmarked : content).Length;
    }

    private const string TargetAndTitle = """\S+(\s+("[^"]*"|'[^']*'|\([^()]*\)))?$""";

    [GeneratedRegex(@"^\[(?!\^)[^\[\]]+\]:($|\s*" + TargetAndTitle + ")")]
    private static partial Regex Definition();

    [GeneratedRegex("^" + TargetAndTitle)]
    private static partial Regex Target();
}
