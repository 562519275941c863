using Serverless.Media;
using Serverless.Media.Shots;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class SharedVideoTests
{
    private static readonly VideoReader Reader = new(new VideoOptions());

    private static async Task<List<(double Start, double End, double Key)>> ShotsAsync(string file, CancellationToken cancellationToken)
    {
        VideoInfo info = await Reader.ProbeAsync(file, cancellationToken);
        using var tracker = new ShotTracker(new ShotOptions());
        var shots = new List<Shot>();
        await foreach (VideoFrame frame in Reader.ReadFramesAsync(file, info, null, 448, cancellationToken))
        {
            if (tracker.Add(frame) is { } shot)
            {
                shots.Add(shot);
            }
        }

        shots.AddRange(tracker.Finish(info.Duration!.Value));
        foreach (Shot shot in shots)
        {
            shot.Keyframe.Dispose();
        }
        return [.. shots.Select(shot => (shot.Start.TotalSeconds, shot.End.TotalSeconds, shot.Keyframe.Time.TotalSeconds))];
    }

    [Theory]
    [InlineData("big_buck_bunny_0_30.webm", 0.1, new[] { 11.80, 15.67, 22.96 })]
    [InlineData("fades.mp4", 0.3, new[] { 84 / 25.0, 167 / 25.0 })]
    [InlineData("scene_cuts.mp4", 0.1, new[] { 1.2 })]
    public async Task Shots_BeginAtTheKnownCuts(string name, double tolerance, double[] cuts)
    {
        string file = SharedData.Require("video/" + name);

        var shots = await ShotsAsync(file, TestContext.Current.CancellationToken);

        foreach (var shot in shots)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{shot}");
        }
        foreach (double cut in cuts)
        {
            Assert.Contains(shots, shot => Math.Abs(shot.Start - cut) <= tolerance);
        }
        Assert.All(shots, shot => Assert.InRange(shot.Key, shot.Start, shot.End));
    }

    [Fact]
    public async Task Probe_HonoursRotation()
    {
        VideoInfo info = await Reader.ProbeAsync(SharedData.Require("video/issue-134-rotate.mp4"), TestContext.Current.CancellationToken);

        Assert.Equal((544, 1280, "h264"), (info.Width, info.Height, info.Codec));
        Assert.Equal(10.01, info.Duration!.Value.TotalSeconds, 3);
    }

    [Fact]
    public async Task Probe_RejectsAFileWithoutMoov()
    {
        string file = SharedData.Require("video/broken.mp4");

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() =>
            Reader.ProbeAsync(file, TestContext.Current.CancellationToken)
        );

        Assert.Contains("moov atom not found", rejected.Message);
    }
}
