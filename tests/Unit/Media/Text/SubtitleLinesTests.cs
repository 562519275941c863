using System.Text;
using Serverless.Media;
using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Media.Text;

public sealed class SubtitleLinesTests
{
    [Theory]
    [InlineData(
        "WEBVTT - a\n\nNOTE none\n\nintro\n00:01.000 --> 00:02.000 align:left\n<v Bob>Hello, <i>you</i>.\n",
        "text/vtt",
        "Hello, you."
    )]
    [InlineData(
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}Hello,\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nyou. 1 < 2\r\n",
        "application/x-subrip",
        "Hello, you. 1 < 2"
    )]
    public void Read_GivesTheWordsOfSubtitles_WithTheirPlaces(string content, string mediaType, string words)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);

        MediaVerdict verdict = MediaSniffer.Sniff(bytes, bytes.Length);
        TextDocument document = TextDocument.Read(bytes, verdict.MediaType, new TextOptions(), TestContext.Current.CancellationToken);

        Assert.Equal((MediaKind.Text, mediaType), (verdict.Kind, verdict.MediaType));
        Assert.Equal(words, document.Normalised);
        TextRange place = document.OriginalRange(new TextRange(words.IndexOf("you", StringComparison.Ordinal), 3));
        Assert.Equal("you", document.Original.Substring(place.Start, place.Length));
    }
}
