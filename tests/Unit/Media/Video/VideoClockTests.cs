using System.Text.Json;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class VideoClockTests
{
    private static (double Zero, double? End, bool IsOfPictures) Read(string film, string? sound, string duration, bool isMatroska)
    {
        string[] streams =
        [
            $$"""{"index":0,"codec_type":"video",{{film}}}""",
            .. sound is null ? Array.Empty<string>() : [$$"""{"index":1,"codec_type":"audio","start_time":"{{sound}}"}"""],
        ];
        using JsonDocument document = JsonDocument.Parse(
            $$"""{"format":{"duration":"{{duration}}"},"streams":[{{string.Join(',', streams)}}]}"""
        );
        VideoClock clock = VideoClock.Read(document.RootElement, document.RootElement.GetProperty("streams")[0], isMatroska);
        return (clock.Zero.TotalSeconds, clock.End?.TotalSeconds, clock.IsOfPictures);
    }

    private static string Matroska(string start, string tag) => $$""" "start_time":"{{start}}","tags":{"DURATION":"{{tag}}"} """;

    private static string Mp4(string start, string duration) => $$""" "start_time":"{{start}}","duration":"{{duration}}" """;

    [Theory]
    [InlineData("00:00:09.000000000", "9", 5)] // the last timestamp, as most write it
    [InlineData("00:00:04.000000000", "4", 5)] // the length, as mkvmerge writes it
    [InlineData("27:46:44.000000000", "100004", 100_000)] // more hours than a day has
    public void Matroska_ThatStartsLate_IsAsLongAsItsPictures(string tag, string duration, int start)
    {
        Assert.Equal((start, 4, true), Read(Matroska($"{start}", tag), null, duration, isMatroska: true));
    }

    [Fact]
    public void Matroska_WithoutATag_EndsWithItsOnlyStream()
    {
        Assert.Equal((5, 4, true), Read(""" "start_time":"5" """, null, "9", isMatroska: true));
    }

    [Fact]
    public void Matroska_WithoutATag_DoesNotTellWhenItsPicturesEnd_BesideSound()
    {
        Assert.Equal((0, 10, false), Read(""" "start_time":"0" """, "0", "10", isMatroska: true));
    }

    [Fact]
    public void Mp4_WhosePicturesComeAfterItsSound_CountsFromTheSound()
    {
        Assert.Equal((0, 14, true), Read(Mp4("10", "4"), "0", "14", isMatroska: false));
    }

    [Fact]
    public void Mp4_WhoseSoundIsLonger_EndsWithItsPictures()
    {
        Assert.Equal((0, 4, true), Read(Mp4("0", "4"), "0", "10", isMatroska: false));
    }

    [Fact]
    public void SoundBeforeZero_IsNotHeard()
    {
        Assert.Equal((0, 4, true), Read(Mp4("0", "4"), "-0.007", "4.02", isMatroska: false));
    }
}
