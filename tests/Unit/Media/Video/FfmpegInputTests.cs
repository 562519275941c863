using Serverless.Media;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class FfmpegInputTests(TestVideos videos) : IClassFixture<TestVideos>
{
    private static readonly VideoReader Reader = new(new VideoOptions());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Subtitles => videos.Write("words.srt", "1\n00:00:00,000 --> 00:00:02,000\nHello\n"u8);

    private static async Task<int> CountFramesAsync(string path)
    {
        VideoInfo info = await Reader.ProbeAsync(path, Cancellation);
        int count = 0;
        await foreach (VideoFrame frame in Reader.ReadFramesAsync(path, info, null, 64, Cancellation))
        {
            frame.Dispose();
            count++;
        }
        return count;
    }

    [Theory]
    [InlineData("mkv", "dca", "dts")]
    [InlineData("mkv", "truehd", "truehd")]
    [InlineData("mov", "pcm_mulaw", "pcm_mulaw")]
    [InlineData("mov", "pcm_s8", "pcm_s8")]
    [InlineData("mkv", "pcm_f64le", "pcm_f64le")]
    [InlineData("mkv", "wmav2", "wmav2")]
    [InlineData("mov", "adpcm_ima_qt", "adpcm_ima_qt")]
    public async Task Sound_OfAnyCodec_LeavesTheFilmReadable(string container, string encoder, string codec)
    {
        string[] arguments = ["-i", videos.Cuts, "-t", "1", "-c:v", "copy", "-c:a", encoder, "-strict", "-2"];
        string path = videos.Make($"{encoder}.{container}", arguments);

        Assert.Equal(codec, (await Reader.ProbeAsync(path, Cancellation)).Audio!.Codec);
        Assert.Equal(30, await CountFramesAsync(path));
    }

    [Theory]
    [InlineData("mkv", "srt")]
    [InlineData("mkv", "ass")]
    [InlineData("mp4", "mov_text")]
    [InlineData("webm", "webvtt")]
    public async Task Subtitles_OfAnyCodec_LeaveTheFilmReadable(string container, string codec)
    {
        string film = container == "webm" ? videos.CutsWebm : videos.Cuts;
        string path = videos.Make(
            $"{codec}.{container}",
            ["-i", film, "-i", Subtitles, "-t", "1", "-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", codec]
        );

        Assert.Equal(30, await CountFramesAsync(path));
    }

    [Fact]
    public async Task TimeCode_LeavesTheFilmReadable()
    {
        string path = videos.Make("timecode.mov", ["-i", videos.Cuts, "-t", "1", "-c", "copy", "-timecode", "01:00:00:00"]);

        Assert.Equal(30, await CountFramesAsync(path));
    }

    [Theory]
    [InlineData("wmv2", "wmv2")]
    [InlineData("msmpeg4", "msmpeg4")]
    [InlineData("huffyuv", "huffyuv")]
    public async Task Pictures_OfACodecThatIsNotRead_AreCalledUnsupported(string encoder, string codec)
    {
        string path = videos.Make($"{encoder}.mkv", ["-i", videos.Cuts, "-t", "0.5", "-an", "-c:v", encoder]);

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => Reader.ProbeAsync(path, Cancellation));

        Assert.Equal(MediaFault.Unsupported, rejected.Fault);
        Assert.StartsWith($"Found a video in the unsupported codec '{codec}'; allowed are h264, hevc, ", rejected.Message);
    }
}
