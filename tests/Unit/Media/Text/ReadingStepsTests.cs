using System.Text;
using Serverless.Media;
using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Media.Text;

public sealed class ReadingStepsTests
{
    private const int Short = 1_000;
    private const int Long = 8_000;

    private static readonly string[] MediaTypes = ["text/plain", "text/html", "text/markdown", "application/jsonl"];

    /// <summary>What stands round the repeated part: nothing, or what makes a search for its end begin, or fail at the very end.</summary>
    private static readonly string[] Frames =
    [
        "@",
        "a @ b",
        "@x",
        "---\n@",
        "---@x",
        "> @\n=",
        "`@`",
        "<a @",
        "<script>@",
        "{\"text\":\"@",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Parts =>
        [
            // ends of sentences
            .. (IEnumerable<string>)["?!", ".", "…", "。", ". ", "a. ", ".)", ".\"", "! (", "A.", "e.g. ", "田", "😀", "ก", "\u200B"],
            // lines and space
            .. (IEnumerable<string>)["\n", "\r", "\u2028", " ", "\t", " \n", "  \n", "a\n", "a\n\n", "\\\n", "\u00A0"],
            // code and emphasis
            .. (IEnumerable<string>)["`", "` ", "`a``", "```\n", "~~~a\n", "*", "**a ", "*a", "a*", "*a _b ", "a*_", "__a", "~~a ", "**a*"],
            // links
            .. (IEnumerable<string>)["[", "]", "[]", "[a](", "[a](b ", "[a](b \"", "[a](b '", "[a](b (", "[a](<b", "[a][", "![", "[a](("],
            .. (IEnumerable<string>)["[a](\\(", "[a](b)", "[a](x[b](y)", "[a]: b\n", "[a]: b \"", "[^a]: b\n", "[a\n", "\\", "\\`", "\\["],
            // blocks and tables
            .. (IEnumerable<string>)
                [">", "> ", "> - ", "- ", "1. ", "- [x] ", "# ", " #", "> a\n\n", "- a\n", "a\n===\n", "--- ", "---", "- - "],
            .. (IEnumerable<string>)["|", "|-", "|:-", "a|b\n", "a|b\n-|-\n", "| --- x\n", "_ _", "=", ": "],
            // tags and character references
            .. (IEnumerable<string>)
                ["<", "<a", "<a ", "</", "<!", "<!--", "<!-- -->", "-->", "<?", "<![CDATA[", "<a b=\"", "<a b='\"", "='"],
            .. (IEnumerable<string>)["<a:", "<a@", "<nav>", "<nav x='", "</nav>", "<script ", "<nav><svg><form>", "<p", "<br>", "<td>"],
            .. (IEnumerable<string>)["&", "&a", "&#", "&#x", "&amp", "&amp;", "&#1", "&#11111111"],
            // records, tables of values, captions
            .. (IEnumerable<string>)
                ["{", "\"", "\\u", "\\u00e9", "\\n", "{\"a\":", "{\"a\":1}\n", "{\"a\":NaN}\n", "NaN,", "-Infinity ", "\"\\"],
            .. (IEnumerable<string>)["a,", "\"a\",", "\"\",\n", ";", "1\n00:00:01,000 --> 00:00:02,000\na\n\n"],
        ];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Take_OfARepeatedPart_GrowsWithTheText(string part)
    {
        foreach (string frame in Frames)
        {
            AssertLinear(length => frame.Replace("@", Repeat(part, length), StringComparison.Ordinal), $"'{part}' in '{frame}'");
        }
    }

    [Theory]
    [InlineData("brackets", "[", "]", "](b)")]
    [InlineData("parentheses", "[a](", "b", ")")]
    [InlineData("emphasis", "*a ", "b", " a*")]
    [InlineData("mixed emphasis", "*a **b ", "c", "* d**")]
    [InlineData("elements", "<nav>", "a", "</nav>")]
    [InlineData("lists", "- ", "a", "\n")]
    [InlineData("arrays", "{\"a\":[", "1", "]}")]
    [InlineData("quotations", "“", "a", ".”")]
    public void Take_OfNestedMarks_GrowsWithTheText(string what, string open, string middle, string close) =>
        AssertLinear(length => Repeat(open, length / 2) + middle + Repeat(close, length / 2), what);

    [Theory]
    [InlineData('`', "a")]
    [InlineData('>', "a\n")]
    [InlineData(' ', "- a\n")]
    [InlineData('*', "a ")]
    [InlineData('#', " a\n")]
    [InlineData('[', "a](b")]
    [InlineData('.', "a")]
    public void Take_OfEverLongerRuns_GrowsWithTheText(char mark, string after) =>
        AssertLinear(
            length =>
            {
                var text = new StringBuilder();
                for (int run = 1; text.Length < length; run++)
                {
                    text.Append(mark, run).Append(after);
                }
                return text.ToString();
            },
            $"runs of '{mark}'"
        );

    [Fact]
    public void Take_OfElementsThatNeverClose_GrowsWithTheText()
    {
        string[] names = ["script", "style", "noscript", "template", "textarea", "iframe", "noembed", "noframes", "xmp", "svg", "math"];
        string[] more = ["nav", "footer", "aside", "form", "button", "select", "object", "canvas", "audio", "video", "dialog"];
        string tags = string.Concat(names.Concat(more).Select(name => $"<{name}>"));

        AssertLinear(length => Repeat(tags, length), "elements that never close");
    }

    [Fact]
    public void Take_BeyondWhatATextMay_IsRejectedAsALimit()
    {
        var steps = new ReadingSteps(1_000, Ct);

        steps.Take(129_536);
        var rejected = Assert.Throws<MediaRejectedException>(() => steps.Take(1));

        Assert.Equal(
            "Found a text of 1,000 characters that is too intricate to read: it takes more than 129,536 steps; allowed are 64 a character.",
            rejected.Message
        );
        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData("text/markdown")]
    [InlineData("application/jsonl")]
    public void Read_AfterCancellation_Ends(string mediaType)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("{\"text\":\"a\"}");

        Assert.Throws<OperationCanceledException>(() =>
            TextDocument.Read(bytes, mediaType, new TextOptions(), new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Take_WhileCancelled_EndsWithinAFewSteps()
    {
        using var source = new CancellationTokenSource();
        var steps = new ReadingSteps(10_000_000, source.Token);
        steps.Take(1);
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                steps.Take(1);
            }
        });
    }

    private static void AssertLinear(Func<int, string> text, string what)
    {
        foreach (string mediaType in MediaTypes)
        {
            double? few = StepsPerCharacter(text(Short), mediaType);

            double? many = StepsPerCharacter(text(Long), mediaType);

            Assert.True(
                few is null || many is null || many < few * 1.5 + 1,
                $"{what} as {mediaType}: {few:0.0} steps a character in {Short:N0} characters, {many:0.0} in {Long:N0}"
            );
        }
    }

    /// <summary>None where every short line is a broken record, since each costs more than its characters may.</summary>
    private static double? StepsPerCharacter(string text, string mediaType)
    {
        var steps = new ReadingSteps(text.Length, Ct);
        try
        {
            ExtractedText extracted = TextDocument.Extract(text, mediaType, steps);
            SentenceSegmenter.Split(extracted.Text, 2_000, steps);
        }
        catch (MediaRejectedException) when (mediaType == "application/jsonl")
        {
            return null;
        }
        return (double)steps.Taken / text.Length;
    }

    private static string Repeat(string part, int length) => string.Concat(Enumerable.Repeat(part, Math.Max(1, length / part.Length)));
}
