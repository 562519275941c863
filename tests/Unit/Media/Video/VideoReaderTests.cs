using System.Buffers.Binary;
using System.Diagnostics;
using Serverless.Media;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class VideoReaderTests(TestVideos videos) : IClassFixture<TestVideos>
{
    private static readonly VideoReader Reader = new(new VideoOptions());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<List<double>> TimesAsync(string path, TimeSpan? after = null, int maxSide = 64)
    {
        VideoInfo info = await Reader.ProbeAsync(path, Cancellation);
        var times = new List<double>();
        await foreach (VideoFrame frame in Reader.ReadFramesAsync(path, info, after, maxSide, Cancellation))
        {
            times.Add(Math.Round(frame.Time.TotalSeconds, 3));
            frame.Dispose();
        }

        return times;
    }

    [Fact]
    public async Task Probe_TellsWhatIsInside()
    {
        VideoInfo info = await Reader.ProbeAsync(videos.Cuts, Cancellation);

        Assert.Equal(
            ("video/mp4", 320, 180, 30.0, false, "mpeg4"),
            (info.MediaType, info.Width, info.Height, info.FrameRate, info.IsVariableRate, info.Codec)
        );
        Assert.Equal(6, info.Duration!.Value.TotalSeconds, 2);
        Assert.Equal(new AudioInfo("aac", 44100, 1), info.Audio);
    }

    [Fact]
    public async Task ReadFrames_GivesEveryFrameWithItsTime()
    {
        List<double> times = await TimesAsync(videos.Cuts);

        Assert.Equal(Enumerable.Range(0, 180).Select(i => Math.Round(i / 30.0, 3)), times);
    }

    [Fact]
    public async Task ReadFrames_KeepsVariableTimes()
    {
        List<double> times = await TimesAsync(videos.Variable);

        Assert.Equal(120, times.Count);
        Assert.Equal([2.9, 2.933, 2.967, 3.0, 3.1, 3.2], times.Skip(87).Take(6));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    [InlineData(4.98)]
    public async Task ReadFrames_GoesOnExactlyAfterATime(double after)
    {
        List<double> all = await TimesAsync(videos.Cuts);

        List<double> rest = await TimesAsync(videos.Cuts, TimeSpan.FromSeconds(after));

        Assert.Equal(all.Where(time => time > after), rest);
    }

    [Fact]
    public async Task ReadFrames_StandsRotatedFilmsUpright()
    {
        VideoInfo info = await Reader.ProbeAsync(videos.Rotated, Cancellation);
        using VideoFrame? frame = await Reader.ReadFrameAsync(videos.Rotated, info, TimeSpan.Zero, 160, Cancellation);

        Assert.Equal((180, 320), (info.Width, info.Height));
        Assert.Equal((90, 160), (frame!.Width, frame.Height));
    }

    [Fact]
    public async Task ReadFrame_HasTheColoursOfTheScene()
    {
        VideoInfo info = await Reader.ProbeAsync(videos.CutsWebm, Cancellation);
        using VideoFrame? frame = await Reader.ReadFrameAsync(videos.CutsWebm, info, TimeSpan.FromSeconds(5), 64, Cancellation);

        byte[] rgb = new byte[frame!.Width * frame.Height * 3];
        frame.CopyRgb(rgb);

        Assert.Equal(5, frame.Time.TotalSeconds, 0.05);
        Assert.InRange(rgb[0], 0x20 - 8, 0x20 + 8);
        Assert.InRange(rgb[1], 0x40 - 8, 0x40 + 8);
        Assert.InRange(rgb[2], 0x80 - 8, 0x80 + 8);
    }

    [Fact]
    public async Task Rejects_AFileWithoutPictures()
    {
        string path = videos.SoundOnly;

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => Reader.ProbeAsync(path, Cancellation));

        Assert.Equal(MediaFault.Unsupported, rejected.Fault); // sound by itself is no damage
        Assert.Contains("without a video stream", rejected.Message);
    }

    [Fact]
    public async Task Rejects_ATruncatedFileWithoutItsHeader()
    {
        byte[] bytes = File.ReadAllBytes(videos.HeaderLast);
        string path = videos.Write("headless.mp4", bytes.AsSpan(0, bytes.Length / 2));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => Reader.ProbeAsync(path, Cancellation));

        Assert.Contains("moov atom not found", rejected.Message);
        Assert.DoesNotContain(path, rejected.Message);
    }

    [Fact]
    public async Task Rejects_ATruncatedFileWithItsHeader()
    {
        byte[] bytes = File.ReadAllBytes(videos.Cuts);
        string path = videos.Write("half.mp4", bytes.AsSpan(0, bytes.Length / 2));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => TimesAsync(path));

        Assert.Contains("it declares 6.0 s and decodes to", rejected.Message);
    }

    [Fact]
    public async Task Rejects_ALyingHeader()
    {
        byte[] bytes = File.ReadAllBytes(videos.Cuts);
        int sizes = bytes.AsSpan().IndexOf("stsz"u8); // claims four thousand million samples
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(sizes + 12), 0xFFFFFFF0);
        string path = videos.Write("lying.mp4", bytes);

        await Assert.ThrowsAsync<MediaRejectedException>(() => TimesAsync(path));
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "an HLS or M3U playlist")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n", "an ffconcat script")]
    public async Task Rejects_ScriptsThatOpenOtherFiles(string content, string found)
    {
        string path = videos.Write("script.mp4", System.Text.Encoding.UTF8.GetBytes(content));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => Reader.ProbeAsync(path, Cancellation));

        Assert.Contains(found, rejected.Message);
    }

    [Theory]
    [InlineData("cuts.mp4")]
    [InlineData("cuts.webm")]
    public async Task AnyDamage_IsRejectedOrRead(string name)
    {
        const int Seed = 99;
        var random = new Random(Seed);
        byte[] original = File.ReadAllBytes(name == "cuts.mp4" ? videos.Cuts : videos.CutsWebm);
        for (int round = 0; round < 4; round++)
        {
            byte[] bytes = [.. original];
            for (int flips = 0; flips < 40; flips++)
            {
                bytes[random.Next(round < 2 ? 2_000 : bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
            string path = videos.Write($"damaged-{round}-{name}", bytes);

            Exception? thrown = await Record.ExceptionAsync(() => TimesAsync(path));

            Assert.True(thrown is null or MediaRejectedException, $"seed {Seed}, round {round}: {thrown}");
        }
    }

    [Fact]
    public async Task ReadFrames_LeavesNoProcessWhenItsLoopIsLeft()
    {
        VideoInfo info = await Reader.ProbeAsync(videos.Cuts, Cancellation);
        await foreach (VideoFrame frame in Reader.ReadFramesAsync(videos.Cuts, info, null, 64, Cancellation))
        {
            frame.Dispose();
            if (frame.Time.TotalSeconds > 0.2)
            {
                break;
            }
        }

        Assert.Empty(Children(videos.Cuts));
    }

    [Fact]
    public async Task ReadFrames_EndsWhenCancelled()
    {
        VideoInfo info = await Reader.ProbeAsync(videos.HeaderLast, Cancellation);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (VideoFrame frame in Reader.ReadFramesAsync(videos.HeaderLast, info, null, 64, cancel.Token))
            {
                frame.Dispose();
                await cancel.CancelAsync();
            }
        });

        Assert.Empty(Children(videos.HeaderLast));
    }

    [Fact]
    public async Task MissingFfmpeg_SaysWhatToInstall()
    {
        var reader = new VideoReader(new VideoOptions { Ffprobe = "no-such-program" });
        string path = videos.Cuts;

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => reader.ProbeAsync(path, Cancellation));

        Assert.Equal("no-such-program is missing: `apt-get install ffmpeg`.", missing.Message);
    }

    private static List<string> Children(string argument)
    {
        var found = new List<string>();
        foreach (Process process in Process.GetProcessesByName("ffmpeg"))
        {
            try
            {
                string line = File.ReadAllText($"/proc/{process.Id}/cmdline");
                string parent = File.ReadAllText($"/proc/{process.Id}/stat").Split(' ')[3];
                if (parent == Environment.ProcessId.ToString() && line.Contains(argument))
                {
                    found.Add(line);
                }
            }
            catch (IOException)
            {
                // ended while it was looked at
            }
        }

        return found;
    }
}
