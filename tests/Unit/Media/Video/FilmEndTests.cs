using Serverless.Media;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class FilmEndTests(TestVideos videos) : IClassFixture<TestVideos>
{
    private static readonly VideoReader Reader = new(new VideoOptions());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<(double First, double Last, double End)> ReadAsync(string path)
    {
        VideoInfo info = await Reader.ProbeAsync(path, Cancellation);
        List<TimeSpan> times = [];
        await foreach (VideoFrame frame in Reader.ReadFramesAsync(path, info, null, 64, Cancellation))
        {
            times.Add(frame.Time);
            frame.Dispose();
        }
        return (
            Math.Round(times[0].TotalSeconds, 2),
            Math.Round(times[^1].TotalSeconds, 2),
            Math.Round(info.EndAfter(times[^1]).TotalSeconds, 2)
        );
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("webm")]
    public async Task ALastFrame_StandsUntilTheDeclaredEnd(string container)
    {
        Assert.Equal((0, 50, 60), await ReadAsync(videos.Slides(container)));
    }

    [Theory]
    [InlineData("mkv", 0)]
    [InlineData("webm", 0)]
    [InlineData("mp4", 0)]
    public async Task PicturesThatStartLate_CountFromTheFirst(string container, double first)
    {
        string path = videos.Make($"late.{container}", ["-itsoffset", "5", "-i", videos.Of(container), "-an", "-c", "copy"]);

        Assert.Equal((first, 5.97, 6), await ReadAsync(path));
    }

    [Theory]
    [InlineData("mkv", "copy")]
    [InlineData("webm", "libopus")]
    public async Task LaterPieces_CountFromTheirOwnStart(string container, string sound)
    {
        string first = videos.Make(
            $"piece0.{container}",
            [
                "-i",
                videos.Of(container),
                "-i",
                videos.Cuts,
                "-map",
                "0:v",
                "-map",
                "1:a",
                "-c:v",
                "copy",
                "-c:a",
                sound,
                "-f",
                "segment",
                "-segment_time",
                "3",
            ],
            $"piece%d.{container}"
        );

        (double start, _, double end) = await ReadAsync(first.Replace("piece0", "piece1"));

        Assert.InRange(start, 0, 0.1);
        Assert.InRange(end, 1, 4);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    public async Task PicturesLongAfterTheSound_CountFromTheSound(string container)
    {
        string path = videos.Make(
            $"after.{container}",
            ["-i", videos.Cuts, "-itsoffset", "10", "-i", videos.Cuts, "-map", "0:a", "-map", "1:v", "-c", "copy"]
        );

        (double first, double last, double end) = await ReadAsync(path);

        Assert.InRange(first, 10, 10.03);
        Assert.InRange(last, 15.96, 16);
        Assert.InRange(end, 15.99, 16.03);
    }

    [Fact]
    public async Task SoundThatGoesOn_InAFileThatTellsNoEndOfItsPictures_LeavesThemWhole()
    {
        string path = videos.Make(
            "longer.webm",
            ["-i", videos.CutsWebm, "-f", "lavfi", "-i", "sine=d=12", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "libopus"]
        );
        string untold = videos.Write("untold.webm", TestVideos.WithoutEnds(await File.ReadAllBytesAsync(path, Cancellation)));

        (_, double last, double end) = await ReadAsync(untold);

        Assert.InRange(last, 5.96, 5.99);
        Assert.InRange(end - last, 0.02, 0.05);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("webm")]
    public async Task Rejects_AFilmThatIsCutOff(string container)
    {
        byte[] whole = await File.ReadAllBytesAsync(videos.Of(container), Cancellation);
        string path = videos.Write($"cut.{container}", whole.AsSpan(0, whole.Length * 2 / 3));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => ReadAsync(path));

        Assert.Contains("truncated", rejected.Message);
        Assert.DoesNotContain(path, rejected.Message);
    }

    [Fact]
    public async Task Rejects_SlidesThatAreCutOff()
    {
        byte[] whole = await File.ReadAllBytesAsync(videos.Slides("mp4"), Cancellation);
        string path = videos.Write("slides-cut.mp4", whole.AsSpan(0, whole.Length * 2 / 3));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => ReadAsync(path));

        Assert.Contains("it declares 60.0 s and decodes to", rejected.Message);
    }

    /// <summary>The pictures of the second half are noise: the container is whole, and the decoder gives up.</summary>
    [Fact]
    public async Task Rejects_AFilmWhosePicturesStopDecoding()
    {
        byte[] bytes = await File.ReadAllBytesAsync(videos.Of("mp4"), Cancellation);
        new Random(7).NextBytes(bytes.AsSpan(bytes.Length / 2));
        string path = videos.Write("noise.mp4", bytes);

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() => ReadAsync(path));

        Assert.Contains("damaged", rejected.Message);
    }
}
