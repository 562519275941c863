namespace Serverless.Media.Video;

/// <summary>
/// What the header of a film says, within limits. Width and height are as a viewer sees them: rotated, with square pixels.
/// </summary>
/// <param name="Duration">Null where neither stream nor container tells it.</param>
/// <param name="FrameRate">Mean frames a second.</param>
/// <param name="StreamIndex">Which stream of the file is the film.</param>
/// <param name="Start">Timestamp of its first frame; times of frames count from here.</param>
public sealed record VideoInfo(
    string MediaType,
    TimeSpan? Duration,
    int Width,
    int Height,
    double FrameRate,
    bool IsVariableRate,
    string Codec,
    AudioInfo? Audio,
    int StreamIndex,
    TimeSpan Start,
    YuvMatrix Matrix
);

public sealed record AudioInfo(string Codec, int SampleRate, int Channels);
