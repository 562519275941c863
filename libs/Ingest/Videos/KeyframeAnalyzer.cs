using Serverless.Inference;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Shots;
using Serverless.Media.Video;

namespace Serverless.Ingest.Videos;

/// <summary>
/// A shot's keyframe → its picture in the store, its labels and vectors. Batched with those of other videos. Thread-safe.
/// </summary>
public sealed class KeyframeAnalyzer(
    VideoReader reader,
    ImageAnalyzer images,
    JobBatches batches,
    AnalysisWriter writer,
    VideoAnalysisOptions options
)
{
    /// <summary>The square that the frames of a video must fit, which is the same for all that is done with them.</summary>
    public int SideOf(VideoInfo info) => Reduction.SideFor(info.Width, info.Height, options.FramePixels, images.InputSide);

    /// <summary>Takes over the shot's frame.</summary>
    public async Task<AnalysedShot> AnalyseAsync(
        AnalysisRequest request,
        string file,
        VideoInfo info,
        Shot shot,
        CancellationToken cancellationToken
    )
    {
        using DecodedImage image = await PictureAsync(file, info, shot.Keyframe, cancellationToken);
        (PictureAnalysis found, TimeSpan share) = await batches.Pictures.RunAsync(
            new RgbImage(image.Rgb, image.Width, image.Height),
            cancellationToken
        );
        byte[] jpeg = Thumbnail.EncodeJpeg(image, Math.Max(image.Width, image.Height));
        ArtifactFile picture = await writer.WriteFileAsync(request, $"keyframe-{shot.Index:D5}.jpg", jpeg, "image/jpeg", cancellationToken);
        KeyframeFinding keyframe = new(
            Seconds(shot.Keyframe.Time),
            Math.Round(shot.Keyframe.Sharpness, 2),
            picture with
            {
                Width = image.Width,
                Height = image.Height,
            }
        );
        ShotFinding finding = new(shot.Index, Seconds(shot.Start), Seconds(shot.End), keyframe, found.Labels);
        return new AnalysedShot(finding, found.Caption, found.ImageVector, found.CaptionVector, share.TotalMilliseconds);
    }

    private async Task<DecodedImage> PictureAsync(string file, VideoInfo info, Keyframe keyframe, CancellationToken cancellationToken)
    {
        if (keyframe.Frame is { } frame)
        {
            using (keyframe)
            {
                return ToImage(frame);
            }
        }

        // Seen by the worker before this one.
        using VideoFrame again = await reader.ReadFrameAsync(file, info, keyframe.Time, SideOf(info), cancellationToken)
            ?? throw new InvalidOperationException($"The frame at {keyframe.Time}, seen before, is not found again: report this.");
        return ToImage(again);
    }

    private static DecodedImage ToImage(VideoFrame frame)
    {
        byte[] rgb = new byte[frame.Width * frame.Height * 3];
        frame.CopyRgb(rgb);
        return DecodedImage.FromRgb(rgb, frame.Width, frame.Height);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
