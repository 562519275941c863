using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>A frame that may stand for its shot. Owns the frame; has none when it was seen by an earlier process, and is then read
/// again by its time.</summary>
public sealed class Keyframe(TimeSpan time, double sharpness, VideoFrame? frame) : IDisposable
{
    public TimeSpan Time { get; } = time;

    /// <summary>Variance of the Laplacian.</summary>
    public double Sharpness { get; } = sharpness;

    public VideoFrame? Frame { get; } = frame;

    public void Dispose() => Frame?.Dispose();
}
