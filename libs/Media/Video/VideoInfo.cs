namespace Serverless.Media.Video;

/// <summary>
/// What the header of a film says, within limits. Width and height are as a viewer sees them: rotated, with square pixels. Times count as a
/// player's do, from the first picture or sound.
/// </summary>
/// <param name="Duration">Where the pictures end, or else the container; null where the header tells neither.</param>
/// <param name="IsDurationOfPictures">Whether it is theirs; if not, something else may last longer.</param>
/// <param name="CodedPixels">Of one frame as it is decoded.</param>
/// <param name="FrameRate">Mean frames a second.</param>
/// <param name="StreamIndex">Which stream of the file is the film.</param>
/// <param name="Start">Timestamp of the first picture or sound.</param>
public sealed record VideoInfo(
    string MediaType,
    TimeSpan? Duration,
    bool IsDurationOfPictures,
    int Width,
    int Height,
    long CodedPixels,
    double FrameRate,
    bool IsVariableRate,
    string Codec,
    AudioInfo? Audio,
    int StreamIndex,
    TimeSpan Start,
    YuvMatrix Matrix
)
{
    private const double AnyRate = 25; // of a film that tells none

    /// <summary>Between two frames, in the mean.</summary>
    public TimeSpan FrameInterval => TimeSpan.FromSeconds(1 / (FrameRate > 0 ? FrameRate : AnyRate));

    /// <summary>Where the film ends whose last frame came at this time: that frame stands until the pictures end.</summary>
    public TimeSpan EndAfter(TimeSpan lastFrame) =>
        IsDurationOfPictures && Duration > lastFrame ? Duration.Value : lastFrame + FrameInterval;
}

public sealed record AudioInfo(string Codec, int SampleRate, int Channels);
