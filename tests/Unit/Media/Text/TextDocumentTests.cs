using System.Text;
using Serverless.Media;
using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Media.Text;

public sealed class TextDocumentTests
{
    private static TextDocument Read(string text, string mediaType = "text/plain") =>
        TextDocument.Read(Encoding.UTF8.GetBytes(text), mediaType, new TextOptions(), TestContext.Current.CancellationToken);

    private static string Back(TextDocument document, string part)
    {
        TextRange range = document.OriginalRange(new TextRange(document.Normalised.IndexOf(part, StringComparison.Ordinal), part.Length));
        return document.Original.Substring(range.Start, range.Length);
    }

    [Fact]
    public void Html_KeepsTextAndDropsCodeAndNavigation()
    {
        const string Page = """
            <!DOCTYPE html><html><head><title>Tea &amp; cakes</title><style>p { color: red }</style>
            <script>if (a < b) document.write("<p>no</p>");</script></head>
            <body><nav><a href="/">Home</a></nav><h1>A&nbsp;caf&eacute;</h1><p title="a > b">It <b>opens</b> at&#32;9.<br>Come
            early.</p><table><tr><td>tea</td><td>3&#x20AC;</td></tr></table><footer>legal</footer></body></html>
            """;

        TextDocument document = Read(Page, "text/html");

        Assert.Equal("Tea & cakes\nA café\nIt opens at 9.\nCome early.\ntea 3€", document.Normalised);
    }

    [Fact]
    public void Html_MapsEntitiesBackToTheirSource()
    {
        TextDocument document = Read("<p>Caf&eacute; <b>Ren&#233;</b> &amp; S&ouml;hne</p>", "text/html");

        Assert.Equal("Café René & Söhne", document.Normalised);
        Assert.Equal("Caf&eacute;", Back(document, "Café"));
        Assert.Equal("Ren&#233;", Back(document, "René"));
        Assert.Equal("S&ouml;hne", Back(document, "Söhne"));
        Assert.Equal("&eacute; <b>Ren", Back(document, "é Ren"));
    }

    [Theory]
    [InlineData("<p>one<p>two<nav>never closed", "one\ntwo\nnever closed")]
    [InlineData("<p>5 < 6 && 7 > 3 &unknown; &#0; &", "5 < 6 && 7 > 3 &unknown; \uFFFD &")]
    [InlineData("<p>cut <a href='x", "cut")]
    [InlineData("<p>a<!-- <p>b</p> -->c", "ac")]
    [InlineData("<p>&ampersand &copy 2024 &#150; &lt;b&gt;", "&ersand © 2024 – <b>")]
    [InlineData("<nav>a<nav>b</nav>c</nav>d", "d")]
    public void Html_IsTolerant(string page, string expected)
    {
        TextDocument document = Read(page, "text/html");

        Assert.Equal(expected, document.Normalised);
    }

    [Fact]
    public void Markdown_LosesItsMarks()
    {
        const string Source = """
            ---
            layout: post
            ---
            # A **title** #

            Some *emphasis*, some `code *here*`, a [link](http://example.org "t") and snake_case_name,
            continued ~~here~~ \*literally\*.

            - first item
            - [x] second ![image](a.png)

            > quoted
            > text

            | a | b |
            |---|:-:|
            | 1 | 2 |

            ```cs
            var x = *p;
            ```
            Setext
            ======
            """;

        TextDocument document = Read(Source, "text/markdown");

        Assert.Equal(
            "A title\nSome emphasis, some code *here*, a link and snake_case_name, continued here *literally*.\nfirst "
                + "item\nsecond image\nquoted text\na b\n1 2\nvar x = *p;\nSetext",
            document.Normalised
        );
        Assert.Equal("[link", Back(document, " link").Trim());
    }

    [Theory]
    [InlineData("A [link over\ntwo lines](http://example.org) and `code\nlikewise`.", "A link over two lines and code likewise.")]
    [InlineData("> A [link\n> quoted](u) and `a\n> b`.", "A link quoted and a b.")]
    [InlineData("[![badge](a.png)](http://example.org) text", "badge text")]
    [InlineData("[a](<b c> \"d\") [e](f(g)h) [i]( j 'k' )", "a e i")]
    [InlineData("Seen [here](see the talk page) and [1][2].", "Seen [here](see the talk page) and [1][2].")]
    [InlineData("[one][ref], [Ref][], [REF] and [other].\n\n[ref]: http://example.org 'title'\n", "one, Ref, REF and [other].")]
    [InlineData("[a  b].\n\n[A B]:\n  http://example.org\n\nc", "a b.\nc")]
    [InlineData("A claim[^1].\n\n[^1]: A note of some words.", "A claim[^1].\n[^1]: A note of some words.")]
    [InlineData("**bold _both_** and *it*alic, 2 * 3, a*b.\n\nf****, __init__", "bold both and italic, 2 * 3, a*b.\nf****, init")]
    [InlineData("***a** b* and **a *b***", "a b and a b")]
    [InlineData("It was in\n1986. A good year.", "It was in 1986. A good year.")]
    [InlineData("1. one\n2. two\n\n   more\n3. three", "one\ntwo\nmore\nthree")]
    [InlineData("# About C#\n## Closed ##\ntext", "About C#\nClosed\ntext")]
    [InlineData("a | b\n--|--\n1 | 2\n\n3 | 4", "a b\n1 2\n3 | 4")]
    [InlineData("text\n> quoted\nlazy", "text\nquoted lazy")]
    [InlineData("````\n```\n*a*\n```\n````\n*b*", "```\n*a*\n```\nb")]
    [InlineData("> ```\n> *a*\n\n*b*", "*a*\nb")]
    [InlineData("- ```\n  *a*\n  ```\n- *b*", "*a*\nb")]
    [InlineData("a\n\n    * * * x\n\nb", "a\n* * * x\nb")]
    [InlineData("<!-- one\n\ntwo --> three <!-- four -->five<br>six<!--", "three five\nsix<!--")]
    [InlineData("hard  \nbreak\\\nagain", "hard\nbreak\nagain")]
    [InlineData("# Old\r\r- Mac\r- lines\u2028- and others\u0085", "Old\nMac\nlines\nand others")]
    public void Markdown_IsReadAsItIsShown(string source, string expected)
    {
        TextDocument document = Read(source, "text/markdown");

        Assert.Equal(expected, document.Normalised);
    }

    [Theory]
    [InlineData("one\u2028two\u0085three\u2029four\fFive", "one\ntwo\nthree\nfour\nFive")]
    [InlineData(
        "A line of text that was wrapped by hand somewhere\u2028goes on",
        "A line of text that was wrapped by hand somewhere goes on"
    )]
    public void Plain_EndsLinesAsUnicodeDoes(string source, string expected)
    {
        TextDocument document = Read(source);

        Assert.Equal(expected, document.Normalised);
    }

    [Fact]
    public void JsonLines_KeepProseFieldsAndNameBrokenLines()
    {
        const string Source = """
            {"id":"a-1","title":"Caf\u00e9","text":"Line one.\nLine \"two\" \ud83d\ude00."}
            {"id": oops}

            {"id":"b","nested":{"Body":"Third."}}
            {"who":"no prose field","n":1}
            """;

        TextDocument document = Read(Source, "application/jsonl");

        Assert.Equal("Café\nLine one. Line \"two\" 😀.\nThird.\nno prose field", document.Normalised);
        Assert.Equal("Caf\\u00e9", Back(document, "Café"));
        Assert.Equal("\\ud83d\\ude00", Back(document, "😀"));
        Assert.StartsWith("Line 2 (offset 80) is not a JSON record", Assert.Single(document.Warnings));
    }

    [Fact]
    public void JsonLines_ReadNonNumbersAsNullAndSaySo()
    {
        const string Source = """
            {"text":"Anna \"NaN\" Berg flew.","price":NaN}
            {"text":"x","price":[-Infinity,Infinity]}
            {"text":"y","price":NaNs}
            """;

        TextDocument document = Read(Source, "application/jsonl");

        Assert.Equal("Anna \"NaN\" Berg flew.\nx", document.Normalised);
        Assert.Collection(
            document.Warnings,
            warning => Assert.StartsWith("Line 3 (offset 89) is not a JSON record", warning),
            warning =>
                Assert.Equal(
                    "NaN or Infinity, which JSON does not have, was read as null in 2 lines; the first is line 1 (offset 0).",
                    warning
                )
        );
    }

    [Fact]
    public void Plain_JoinsWrappedLinesAndKeepsParagraphs()
    {
        TextDocument document = Read(
            "A title\n\nA line that was wrapped by hand near seventy two columns\r\ngoes on here.\r\n\r\nNext\u00A0para\u00ADgraph.\n- item"
        );

        Assert.Equal(
            "A title\nA line that was wrapped by hand near seventy two columns goes on here.\nNext paragraph.\n- item",
            document.Normalised
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Utf16WithMark_IsDecoded(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("Grüße, 世界 😀")];

        TextDocument document = TextDocument.Read(bytes, "text/plain", new TextOptions(), TestContext.Current.CancellationToken);

        Assert.Equal("Grüße, 世界 😀", document.Original);
        Assert.Equal(bigEndian ? "utf-16BE" : "utf-16", document.Encoding);
    }

    [Fact]
    public void Utf16_WithHalfAPair_IsRejectedWithItsPlace()
    {
        byte[] bytes = [0xFF, 0xFE, (byte)'a', 0, 0x3D, 0xD8, (byte)'b', 0];

        var rejected = Assert.Throws<MediaRejectedException>(() =>
            TextDocument.Read(bytes, "text/plain", new TextOptions(), TestContext.Current.CancellationToken)
        );

        Assert.Contains("half a surrogate pair at byte 4", rejected.Message);
        Assert.Equal(MediaFault.Malformed, rejected.Fault);
    }

    [Fact]
    public void InvalidUtf8_FarIntoTheFile_IsRejectedWithItsPlace()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(new string('€', 20_000)), 0xC3, 0x28];

        var rejected = Assert.Throws<MediaRejectedException>(() =>
            TextDocument.Read(bytes, "text/plain", new TextOptions(), TestContext.Current.CancellationToken)
        );

        Assert.Contains("byte 0xC3 at offset 60000", rejected.Message);
        Assert.Equal(MediaFault.Unsupported, rejected.Fault);
    }

    [Fact]
    public void TooLargeAText_IsRejectedBySize()
    {
        var rejected = Assert.Throws<MediaRejectedException>(() =>
            TextDocument.Read(new byte[2_000], "text/plain", new TextOptions { MaxBytes = 1_024 }, TestContext.Current.CancellationToken)
        );

        Assert.Equal("Found a text of 2,000 bytes; allowed are 1,024.", rejected.Message);
        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
    }

    [Fact]
    public void AnyMarkup_MapsEveryPlaceIntoTheOriginal()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        string[] pieces =
        [
            "<p>",
            "</p>",
            "<script>",
            "</script>",
            "<a href='",
            "&amp;",
            "&#x1F600;",
            "word ",
            "ß",
            "\n",
            "\r\n\r\n",
            "**",
            "[",
            "](",
            ")",
            "`",
            "# ",
            "|",
            "\\",
            "\"",
            "<!--",
            "-->",
            "😀",
            ". ",
            "{\"text\":\"",
            "\"}\n",
            "\\u00e9",
        ];
        string[] mediaTypes = ["text/plain", "text/html", "text/markdown", "application/jsonl"];
        for (int round = 0; round < 2_000; round++)
        {
            string source =
                "x "
                + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]))
                + "{\"text\":\"y\"}";
            string mediaType = mediaTypes[round % 4];
            if (mediaType == "application/jsonl")
            {
                source = "{\"text\":\"y\"}\n" + source;
            }

            TextDocument document = Read(source, mediaType);

            int previous = 0;
            for (int i = 0; i < document.Normalised.Length; i++)
            {
                TextRange range = document.OriginalRange(new TextRange(i, 1));
                Assert.True(
                    range.Start >= previous && range.End <= source.Length,
                    $"seed {Seed}, round {round}, offset {i} of {mediaType}: {range}"
                );
                previous = range.Start;
                char c = document.Normalised[i];
                if (range.Length == 1 && !char.IsWhiteSpace(c))
                {
                    Assert.Equal(c, source[range.Start]);
                }
            }
        }
    }
}
