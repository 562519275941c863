using System.Collections.Frozen;

namespace Serverless.Media.Text;

/// <summary>The readable text of a page: what stands between tags, without code, navigation and forms. Tolerant: any input has a
/// result, in linear time.</summary>
internal static class HtmlText
{
    private static readonly FrozenSet<string> RawText = Set(
        "script",
        "style",
        "noscript",
        "template",
        "textarea",
        "iframe",
        "noembed",
        "noframes",
        "xmp"
    );

    private static readonly FrozenSet<string> Skipped = Set(
        "svg",
        "math",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "object",
        "canvas",
        "audio",
        "video",
        "dialog"
    );

    private static readonly FrozenSet<string> Blocks = Set(
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "br",
        "hr",
        "table",
        "thead",
        "tbody",
        "section",
        "article",
        "main",
        "header",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "title",
        "body",
        "head",
        "html",
        "address",
        "details",
        "summary",
        "caption",
        "option",
        "center"
    );

    private static readonly FrozenSet<string> Cells = Set("td", "th", "img");

    public static ExtractedText Extract(string html, ReadingSteps steps)
    {
        var builder = new ExtractedTextBuilder(html, steps);
        var tags = new HtmlTags(html, steps);
        for (int at = 0; at < html.Length; )
        {
            int tagStart = tags.NextTag(at);
            HtmlCharacters.Append(builder, html, at, tagStart);
            if (tagStart == html.Length)
            {
                break;
            }

            HtmlTag tag = tags.Read(tagStart);
            at = tag.End;
            switch (SeparatorOf(tag.Name))
            {
                case '\n':
                    builder.Break(tagStart);
                    break;
                case ' ':
                    builder.Space(tagStart, 0);
                    break;
            }

            if (tag.IsOpening && (RawText.Contains(tag.Name) || Skipped.Contains(tag.Name)))
            {
                builder.Break(tagStart);
                at = tags.SkipElement(tag, nested: Skipped.Contains(tag.Name));
            }
        }

        return builder.Build();
    }

    /// <summary>What a tag puts between the texts before and behind it: a line feed, a space or nothing.</summary>
    public static char SeparatorOf(string name) =>
        Blocks.Contains(name) ? '\n'
        : Cells.Contains(name) ? ' '
        : '\0';

    private static FrozenSet<string> Set(params string[] names) => FrozenSet.Create(StringComparer.Ordinal, names);
}
