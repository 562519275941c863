using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Shots;
using Serverless.Media.Video;
using Serverless.Serving.Work;

namespace Serverless.Ingest.Videos;

/// <summary>
/// A shot's keyframe → its picture in the store, its labels and vectors. Batched with those of other videos. Thread-safe.
/// </summary>
public sealed class KeyframeAnalyzer(VideoReader reader, ImageAnalyzer images, AnalysisWriter writer, VideoAnalysisOptions options)
{
    /// <summary>The square that the frames of a video must fit, which is the same for all that is done with them.</summary>
    public async Task<int> SideOfAsync(AnalysisRequest request, VideoInfo info, CancellationToken cancellationToken) =>
        Reduction.SideFor(info.Width, info.Height, options.FramePixels, await images.InputSideAsync(request.Source, cancellationToken));

    /// <summary>Takes over the shot's frame.</summary>
    /// <param name="side">Of the square that frames fit.</param>
    public async Task<AnalysedShot> AnalyseAsync(
        AnalysisRequest request,
        string file,
        VideoInfo info,
        int side,
        Shot shot,
        CancellationToken cancellationToken
    )
    {
        using SharedPicture shared = new(await PictureAsync(file, info, side, shot.Keyframe, cancellationToken));
        DecodedImage image = shared.Image;
        PictureAnalysis found = await images.AnalyseAsync(
            request.Source,
            shared,
            shared.Pixels.Rgb.Length,
            new FilmFeatures(info.Duration?.TotalSeconds, Seconds(shot.End - shot.Start), Seconds(shot.Keyframe.Time)),
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
        ShotFinding finding = new(shot.Index, Seconds(shot.Start), Seconds(shot.End), keyframe, found.Labels, found.Objects);
        return new AnalysedShot(
            finding,
            found.Caption,
            [.. found.ImageVectors, .. found.CaptionVectors],
            found.Models,
            found.Inference.TotalMilliseconds,
            found.Spent
        );
    }

    private async Task<DecodedImage> PictureAsync(
        string file,
        VideoInfo info,
        int side,
        Keyframe keyframe,
        CancellationToken cancellationToken
    )
    {
        if (keyframe.Frame is { } frame)
        {
            using (keyframe)
            {
                return ToImage(frame);
            }
        }

        // Seen by the worker before this one.
        using VideoFrame again = await reader.ReadFrameAsync(file, info, keyframe.Time, side, cancellationToken)
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
