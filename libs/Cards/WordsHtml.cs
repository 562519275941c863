using System.Net;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Serverless.Cards;

/// <summary>
/// Markdown of somebody whom nobody trusts, as HTML: what it holds of HTML is shown as text, links lead to web addresses alone, and a
/// picture is the text that stands for it.
/// </summary>
internal static class WordsHtml
{
    /// <summary>Ids of headings are left out: a publisher's must not take the place of ours.</summary>
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseYamlFrontMatter()
        .Build();

    public static string Write(string text)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the reader goes: shown as it stands.
            return $"<pre>{WebUtility.HtmlEncode(text)}</pre>";
        }
        foreach (LinkInline link in document.Descendants<LinkInline>())
        {
            link.Url = link.IsImage || !IsWeb(link.Url) ? "" : link.Url;
        }
        foreach (AutolinkInline link in document.Descendants<AutolinkInline>().Where(link => !IsWeb(link.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }
        using StringWriter html = new();
        HtmlRenderer renderer = new(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<Markdig.Renderers.Html.Inlines.LinkInlineRenderer>(new TextOfPictures());
        renderer.Render(document);
        return html.ToString();
    }

    private static bool IsWeb(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? found)
        && (found.Scheme == Uri.UriSchemeHttp || found.Scheme == Uri.UriSchemeHttps);

    /// <summary>A link without an address, and a picture, are their text.</summary>
    private sealed class TextOfPictures : Markdig.Renderers.Html.Inlines.LinkInlineRenderer
    {
        protected override void Write(HtmlRenderer renderer, LinkInline link)
        {
            if (string.IsNullOrEmpty(link.Url))
            {
                renderer.WriteChildren(link);
            }
            else
            {
                base.Write(renderer, link);
            }
        }
    }
}
