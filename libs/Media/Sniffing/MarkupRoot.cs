using System.Collections.Frozen;

namespace Serverless.Media.Sniffing;

/// <summary>The first element of text that looks like markup, after declarations, comments and doctypes.</summary>
internal static class MarkupRoot
{
    // The WHATWG list of tags that make a page, plus those that pages start with today.
    private static readonly FrozenSet<string> HtmlRoots = FrozenSet.Create(
        StringComparer.Ordinal,
        "html",
        "head",
        "body",
        "title",
        "meta",
        "link",
        "base",
        "script",
        "style",
        "iframe",
        "table",
        "div",
        "span",
        "p",
        "br",
        "b",
        "i",
        "em",
        "strong",
        "a",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "font",
        "center",
        "form",
        "img",
        "main",
        "article",
        "section",
        "header",
        "nav",
        "aside",
        "footer",
        "blockquote",
        "pre",
        "figure"
    );

    public static bool IsHtml(string root) => HtmlRoots.Contains(root);

    /// <summary>Lower-case local name of the root element; null when the text is no markup.</summary>
    public static string? Find(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart().TrimStart('\uFEFF');
            if (text.Length < 2 || text[0] != '<')
            {
                return null;
            }

            if (text.StartsWith("<!--", StringComparison.Ordinal))
            {
                int end = text.IndexOf("-->", StringComparison.Ordinal);
                if (end < 0)
                {
                    return "html"; // a comment longer than the head
                }
                text = text[(end + 3)..];
            }
            else if (text[1] is '!' or '?')
            {
                if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) && DoctypeName(text[9..]) is { Length: > 0 } name)
                {
                    return name;
                }
                int end = text.IndexOf('>');
                if (end < 0)
                {
                    return null;
                }
                text = text[(end + 1)..];
            }
            else
            {
                return NameAt(text[1..]);
            }
        }
    }

    private static string DoctypeName(ReadOnlySpan<char> text) => NameAt(text.TrimStart()) ?? "";

    private static string? NameAt(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is ':' or '-' or '_'))
        {
            length++;
        }
        if (length == 0 || !char.IsAsciiLetter(text[0]))
        {
            return null;
        }
        if (length < text.Length && !char.IsWhiteSpace(text[length]) && text[length] is not ('>' or '/'))
        {
            return null;
        }

        ReadOnlySpan<char> name = text[..length];
        return name[(name.LastIndexOf(':') + 1)..].ToString().ToLowerInvariant();
    }
}
