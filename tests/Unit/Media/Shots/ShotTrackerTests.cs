using System.Buffers;
using System.Text.Json;
using Serverless.Media.Shots;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Shots;

public sealed class ShotTrackerTests
{
    private const int Width = 64,
        Height = 48,
        Rate = 25;

    // Frames of a plan: seconds of scenes, each a seed for its picture; 0 is black.
    private static IEnumerable<VideoFrame> Film(params (double Seconds, int Scene)[] plan)
    {
        int count = 0;
        foreach ((double seconds, int scene) in plan)
        {
            for (int i = 0; i < (int)Math.Round(seconds * Rate); i++)
            {
                yield return Frame(scene, count++, 1);
            }
        }
    }

    private static VideoFrame Frame(int scene, int number, double light)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Width * Height * 3 / 2);
        buffer.AsSpan(0, Width * Height).Fill(16);
        buffer.AsSpan(Width * Height).Fill(128);
        var picture = new Random(scene);
        var noise = new Random(number);
        for (int block = 0; scene > 0 && block < 48; block++)
        {
            int value = picture.Next(40, 235);
            for (int i = 0; i < 64; i++)
            {
                buffer[(block / 8 * 8 + i / 8) * Width + block % 8 * 8 + i % 8] = (byte)(
                    16 + Math.Max(0, value - 16 + noise.Next(-3, 4)) * light
                );
            }
        }

        return new VideoFrame(buffer, Width, Height, TimeSpan.FromSeconds((double)number / Rate), YuvMatrix.Bt601);
    }

    private static List<(double Start, double End)> Shots(IEnumerable<VideoFrame> film)
    {
        using var tracker = new ShotTracker(new ShotOptions());
        var shots = new List<Shot>();
        TimeSpan last = TimeSpan.Zero;
        foreach (VideoFrame frame in film)
        {
            last = frame.Time;
            if (tracker.Add(frame) is { } shot)
            {
                shots.Add(shot);
            }
        }

        shots.AddRange(tracker.Finish(last + TimeSpan.FromSeconds(1.0 / Rate)));
        foreach (Shot shot in shots)
        {
            shot.Keyframe.Dispose();
        }
        return [.. shots.Select(shot => (Math.Round(shot.Start.TotalSeconds, 2), Math.Round(shot.End.TotalSeconds, 2)))];
    }

    [Fact]
    public void HardCuts_AreFound() => Assert.Equal([(0, 2), (2, 3.4), (3.4, 5)], Shots(Film((2, 1), (1.4, 2), (1.6, 3))));

    [Fact]
    public void AFlash_IsNoCut() => Assert.Equal([(0, 4.04)], Shots(Film((2, 1), (0.04, 2), (2, 1))));

    [Fact]
    public void ShotsBelowTheLeastLength_AreNotMade() => Assert.Equal([(0, 2), (2, 4.2)], Shots(Film((2, 1), (0.2, 2), (2, 3))));

    [Fact]
    public void BlackBetweenScenes_BelongsToTheShotBefore() => Assert.Equal([(0, 3), (3, 5)], Shots(Film((2, 1), (1, 0), (2, 2))));

    [Fact]
    public void BlackAtTheStart_BelongsToTheFirstShot() => Assert.Equal([(0, 3)], Shots(Film((1, 0), (2, 1))));

    [Fact]
    public void AFadeThroughBlack_EndsAShot()
    {
        IEnumerable<VideoFrame> film = Enumerable
            .Range(0, 100)
            .Select(i => Frame(i < 50 ? 1 : 2, i, Math.Clamp(Math.Abs(i - 50) / 25.0 - 0.1, 0, 1)));

        var shots = Shots(film);

        Assert.Equal(2, shots.Count);
        Assert.InRange(shots[1].Start, 2.0, 2.4);
    }

    [Fact]
    public void AFilmOfOneFrame_IsOneShot() => Assert.Equal([(0, 0.04)], Shots(Film((0.04, 1))));

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(100)]
    public void AResumedTracker_FindsTheSameShots(int stopAfter)
    {
        (double, int)[] plan = [(2, 1), (1.4, 2), (1.6, 3)];
        var expected = new List<(TimeSpan, TimeSpan, TimeSpan)>();
        var actual = new List<(TimeSpan, TimeSpan, TimeSpan)>();
        TimeSpan end = TimeSpan.FromSeconds(5);

        using (var whole = new ShotTracker(new ShotOptions()))
        {
            foreach (VideoFrame frame in Film(plan))
            {
                Note(expected, whole.Add(frame));
            }
            foreach (Shot shot in whole.Finish(end))
            {
                Note(expected, shot);
            }
        }

        string state;
        using (var first = new ShotTracker(new ShotOptions()))
        {
            foreach (VideoFrame frame in Film(plan).Take(stopAfter))
            {
                Note(actual, first.Add(frame));
            }
            state = JsonSerializer.Serialize(first.Snapshot());
        }

        var resumed = JsonSerializer.Deserialize<ShotTracker.State>(state)!;
        using (var second = new ShotTracker(new ShotOptions(), resumed))
        {
            foreach (VideoFrame frame in Film(plan).Where(frame => frame.Time > resumed.Position))
            {
                Note(actual, second.Add(frame));
            }
            foreach (Shot shot in second.Finish(end))
            {
                Note(actual, shot);
            }
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void TheKeyframe_IsTheSharpestInTheMiddleThird()
    {
        using var tracker = new ShotTracker(new ShotOptions());
        foreach (VideoFrame frame in Film((3, 1)))
        {
            tracker.Add(frame);
        }

        Shot shot = Assert.Single(tracker.Finish(TimeSpan.FromSeconds(3)));

        Assert.InRange(shot.Keyframe.Time.TotalSeconds, 1, 2);
        Assert.NotNull(shot.Keyframe.Frame);
        shot.Keyframe.Dispose();
    }

    private static void Note(List<(TimeSpan, TimeSpan, TimeSpan)> shots, Shot? shot)
    {
        if (shot is null)
        {
            return;
        }
        shots.Add((shot.Start, shot.End, shot.Keyframe.Time));
        shot.Keyframe.Dispose();
    }
}
