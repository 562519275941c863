using System.Text.RegularExpressions;

namespace Serverless.Media.Text;

/// <summary>
/// Markdown without its marks (CommonMark plus tables): blocks become paragraphs, inline marks go, texts of links and code stay.
/// </summary>
internal static partial class MarkdownText
{
    public static ExtractedText Extract(string original)
    {
        var builder = new ExtractedTextBuilder(original);
        var inline = new MarkdownInline(builder, original);
        int at = SkipFrontMatter(original);
        string? fence = null;
        while (at < original.Length)
        {
            int newline = original.IndexOf('\n', at);
            int end = newline < 0 ? original.Length : newline;
            int next = newline < 0 ? original.Length : newline + 1;
            if (end > at && original[end - 1] == '\r')
            {
                end--;
            }
            fence = Line(builder, inline, original, at, end, fence);
            at = next;
        }

        return builder.Build();
    }

    private static string? Line(ExtractedTextBuilder builder, MarkdownInline inline, string original, int at, int end, string? fence)
    {
        ReadOnlySpan<char> line = original.AsSpan(at, end - at);
        ReadOnlySpan<char> trimmed = line.TrimStart();
        bool isFence = trimmed.StartsWith("```", StringComparison.Ordinal) || trimmed.StartsWith("~~~", StringComparison.Ordinal);
        if (fence is not null || isFence)
        {
            builder.Break(at);
            if (fence is null)
            {
                return trimmed[..3].ToString();
            }
            if (isFence && trimmed.StartsWith(fence, StringComparison.Ordinal))
            {
                return null;
            }
            builder.Append(at, end - at);
            return fence;
        }

        if (trimmed.IsEmpty || Rule().IsMatch(line) || Reference().IsMatch(line))
        {
            builder.Break(at);
            return null;
        }

        int contentStart = at,
            contentEnd = end;
        foreach (ValueMatch mark in BlockMarks().EnumerateMatches(line))
        {
            contentStart = at + mark.Length;
            if (original.AsSpan(at, mark.Length).IndexOfAnyExcept(' ', '>') >= 0 || !trimmed.StartsWith('>'))
            {
                builder.Break(at);
            }
            break;
        }

        bool heading = original.AsSpan(at, contentStart - at).Contains('#');
        if (heading)
        {
            contentEnd = contentStart + original.AsSpan(contentStart, end - contentStart).TrimEnd(" #").Length;
        }
        bool table = trimmed[0] == '|';
        inline.Append(contentStart, contentEnd, table);
        if (heading || table || line.EndsWith("  ", StringComparison.Ordinal) || line[^1] == '\\')
        {
            builder.Break(end);
        }
        else
        {
            builder.Space(end, 1);
        }
        return null;
    }

    // YAML between two lines of dashes at the very start is data about the text.
    private static int SkipFrontMatter(string original)
    {
        if (!original.StartsWith("---\n", StringComparison.Ordinal) && !original.StartsWith("---\r\n", StringComparison.Ordinal))
        {
            return 0;
        }
        int close = original.IndexOf("\n---", 3, StringComparison.Ordinal);
        if (close < 0)
        {
            return 0;
        }
        int lineEnd = original.IndexOf('\n', close + 1);
        return lineEnd < 0 ? original.Length : lineEnd + 1;
    }

    // Thematic breaks, underlines of headings, the rule under a table's head.
    [GeneratedRegex(@"^ {0,3}(=+|-{2,}|([-*_] *){3,}|\|?( *:?-+:? *\|)+( *:?-+:? *)?)\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^ {0,3}\[[^\]]+\]: +\S+")]
    private static partial Regex Reference();

    // Quotes, list markers (with task boxes) and headings, nested in any order.
    [GeneratedRegex(@"^(\s*(>|[-*+](?= )|\d{1,9}[.)](?= )|\[[ xX]\](?= )|#{1,6}(?= )))+ *")]
    private static partial Regex BlockMarks();
}
