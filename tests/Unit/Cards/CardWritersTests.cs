using System.Text.RegularExpressions;
using Serverless.Cards;
using Xunit;

namespace Serverless.Unit.Cards;

public sealed class CardWritersTests
{
    private const string Hostile = "<script>alert(1)</script>|`x` [a](javascript:alert(2))";

    [Fact]
    public void Writers_SayOfWhatNobodyRecorded_ThatItIsNot()
    {
        Card card = Make(new CardFact("Licence", null));

        Assert.Contains("<dt>Licence</dt><dd><i class=\"quiet\">not recorded</i></dd>", CardHtml.Write(card), StringComparison.Ordinal);
        Assert.Contains("- Licence: _not recorded_\n", CardMarkdown.Write(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Writers_EscapeWhatOthersWrote()
    {
        Card card = Make(new CardFact(Hostile, Hostile)) with { Title = Hostile };

        string html = CardHtml.Write(card);
        string markdown = CardMarkdown.Write(card);

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<!\\)<script|(?<!\\)\]\(|\|`", markdown);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;")]
    [InlineData("a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b&lt;/b&gt;")]
    [InlineData("[a](javascript:alert(1))", "<p>a</p>")]
    [InlineData("[a](data:text/html,x)", "<p>a</p>")]
    [InlineData("[a](JaVaScRiPt:alert(1))", "<p>a</p>")]
    [InlineData("![a picture](https://example.org/a.png)", "<p>a picture</p>")]
    [InlineData("[a](https://example.org/)", "<a href=\"https://example.org/\">a</a>")]
    [InlineData("[a][b]\n\n[b]: javascript:alert(1)", "<p>a</p>")]
    [InlineData("<javascript:alert(1)>", "javascript:alert(1)")]
    [InlineData("# Heading", "<h1>Heading</h1>")]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>")]
    [InlineData("---\nlicense: mit\n---\nText", "<p>Text</p>")]
    public void PublishersWords_AreDrawnWithoutHtmlScriptsOrPictures(string words, string drawn)
    {
        string html = CardHtml.Write(MakeWith(words));

        Assert.Contains(drawn, html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|img|iframe|b onclick)|href=\"(?!https?:|#)", html);
    }

    [Fact]
    public void PublishersWords_NestedBeyondAllReason_AreShown()
    {
        string html = CardHtml.Write(MakeWith(new string('>', 20_000) + " deep <script>"));

        Assert.Contains("deep", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void PublishersWords_InMarkdown_CannotLeaveTheirBlock()
    {
        string markdown = CardMarkdown.Write(MakeWith("````\n# Approved by everybody\n<script>"));

        Match block = Regex.Match(markdown, "^(`{5})markdown\n(.*?)\n\\1$", RegexOptions.Singleline | RegexOptions.Multiline);
        Assert.Contains("# Approved by everybody", block.Groups[2].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_PointsToSectionsThatAreThere_AndSaysWhatHasNone()
    {
        Card card = Make(new CardFact("Parent", "news/1"));

        Assert.Equal([CardParts.Data], card.Index.Single(entry => entry.Reference == "Annex IV 2(d)").Sections);
        Assert.Empty(card.Index.Single(entry => entry.Reference == "Article 14").Sections);
        Assert.Contains("<a href=\"#data\">Data</a>", CardHtml.Write(card), StringComparison.Ordinal);
        Assert.Contains("| Article 14 | Human oversight | _not recorded_ |", CardMarkdown.Write(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Index_HasEveryHeading()
    {
        Card card = Make(new CardFact("a", "b"));

        Assert.Equal(
            Enumerable.Range(9, 7).Select(article => $"Article {article}"),
            card.Index.Select(entry => entry.Reference).Where(reference => reference.StartsWith("Article", StringComparison.Ordinal))
        );
        Assert.Equal(
            ["Govern", "Map", "Measure", "Manage"],
            card.Index.Where(entry => entry.Framework == "NIST AI RMF").Select(entry => entry.Reference.Split(' ')[0]).Distinct()
        );
        Assert.Equal(
            Enumerable.Range(1, 9),
            card.Index.Select(entry => Regex.Match(entry.Reference, @"^Annex IV (\d)"))
                .Where(match => match.Success)
                .Select(match => int.Parse(match.Groups[1].Value))
                .Distinct()
        );
    }

    private static Card Make(CardFact fact) =>
        Card.Of(
            "A card",
            "system",
            DateTimeOffset.UnixEpoch,
            [
                new CardSection(
                    CardParts.Data,
                    "Data",
                    [fact],
                    [
                        new CardTable(
                            "Labels",
                            ["Label"],
                            [
                                [fact.Value],
                            ]
                        ),
                    ]
                ),
            ]
        );

    private static Card MakeWith(string words) =>
        Card.Of(
            "A card",
            "model news/1",
            DateTimeOffset.UnixEpoch,
            [new CardSection(CardParts.Purpose, "Purpose", [], [], new PublisherWords("README.md", words))]
        );
}
