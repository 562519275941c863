using System.Net;
using System.Text.RegularExpressions;

namespace Serverless.Media.Metadata;

/// <summary>What a page says of itself: the title, language and meta elements of HTML, and the front matter of Markdown.</summary>
public static partial class PageMetadata
{
    /// <summary>Heads are shorter; what stands behind is not looked at.</summary>
    private const int MaxHead = 64 << 10;

    private const int MaxLines = 100;

    /// <param name="text">The whole page as decoded. Null where it tells nothing.</param>
    public static MediaMetadata? Read(string text, string mediaType)
    {
        MetadataDraft draft = new();
        string head = text.Length <= MaxHead ? text : text[..MaxHead];
        if (mediaType == "text/html")
        {
            ReadHtml(head, draft);
        }
        else if (mediaType == "text/markdown")
        {
            ReadFrontMatter(head, draft);
        }
        return draft.Build();
    }

    private static void ReadHtml(string head, MetadataDraft draft)
    {
        draft.Title(WebUtility.HtmlDecode(Title().Match(head).Groups["text"].Value));
        foreach (Match tag in Tags().Matches(head))
        {
            Dictionary<string, string> attributes = new(StringComparer.OrdinalIgnoreCase);
            foreach (Match attribute in Attributes().Matches(tag.Value))
            {
                attributes.TryAdd(attribute.Groups["name"].Value, WebUtility.HtmlDecode(attribute.Groups["value"].Value.Trim('"', '\'')));
            }
            draft.Language(attributes.GetValueOrDefault("lang"));
            string? name = attributes.GetValueOrDefault("name") ?? attributes.GetValueOrDefault("property");
            Take(name, attributes.GetValueOrDefault("content"), draft);
        }
    }

    /// <summary>Between two lines of three hyphens, of YAML what is on one line: a name and a value, or a list in brackets.</summary>
    private static void ReadFrontMatter(string head, MetadataDraft draft)
    {
        string[] lines = head.Split('\n', MaxLines + 2);
        int end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        if (lines[0].TrimEnd() != "---" || end < 0)
        {
            return;
        }
        foreach (string line in lines[1..end])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !char.IsWhiteSpace(line[0]))
            {
                Take(line[..colon].Trim(), line[(colon + 1)..].Trim().Trim('"', '\''), draft);
            }
        }
    }

    private static void Take(string? name, string? value, MetadataDraft draft)
    {
        switch (name?.ToLowerInvariant())
        {
            case "title" or "og:title":
                draft.Title(value);
                break;
            case "description" or "og:description" or "summary":
                draft.Description(value);
                break;
            case "author":
                draft.Creator(value);
                break;
            case "copyright":
                draft.Copyright(value);
                break;
            case "keywords" or "tags":
                draft.Keywords(value?.Trim('[', ']'));
                break;
            case "lang" or "language":
                draft.Language(value);
                break;
            case "date" or "article:published_time":
                draft.Taken(value);
                break;
        }
    }

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex("<title[^>]*>(?<text>[^<]*)", Options)]
    private static partial Regex Title();

    [GeneratedRegex("<(html|meta)\\s[^>]+>", Options)]
    private static partial Regex Tags();

    [GeneratedRegex("\\s(?<name>[a-z:.-]+)\\s*=\\s*(?<value>\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)", Options)]
    private static partial Regex Attributes();
}
