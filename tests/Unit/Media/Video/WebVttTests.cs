using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class WebVttTests
{
    [Fact]
    public void Write_NumbersAndEscapesCues()
    {
        string text = WebVtt.Write([
            new(TimeSpan.Zero, TimeSpan.FromSeconds(1.5), "cats & <dogs>"),
            new(TimeSpan.FromHours(1), TimeSpan.FromHours(30), "one\n\n--> two"),
        ]);

        Assert.Equal(
            "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\ncats &amp; &lt;dogs&gt;\n\n2\n01:00:00.000 --> 30:00:00.000\none\n--&gt; two\n",
            text
        );
    }

    /// <summary>As the seconds of the analysis document are rounded: a double holds neither of these exactly.</summary>
    [Fact]
    public void Write_RoundsToMilliseconds()
    {
        string text = WebVtt.Write([new(TimeSpan.FromSeconds(12.04), TimeSpan.FromSeconds(59.9996), "x")]);

        Assert.Contains("00:00:12.040 --> 00:01:00.000", text);
    }

    [Fact]
    public void Rejects_ACueThatDoesNotLast() =>
        Assert.Throws<ArgumentException>(() => WebVtt.Write([new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "x")]));
}
