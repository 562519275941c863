using Serverless.Captures;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Serving.Work;

/// <summary>One image, for models that embed, classify or detect.</summary>
/// <param name="pixels">The image as it was decoded, at its own size or reduced.</param>
/// <param name="original">The size of the image that was sent.</param>
/// <param name="owner">Owns the pixels' memory, and is disposed of with the work.</param>
public sealed class ImageWork(RgbImage pixels, ImageSize original, long encodedBytes, int top, DetectionChoice? choice, IDisposable owner)
    : IPredictionWork
{
    public long Bytes => pixels.Rgb.Length;

    /// <summary>Of a film's keyframe, what is known of the film and the shot; null of a picture by itself.</summary>
    public FilmFeatures? Film { get; init; }

    public InputSummary Describe(CaptureOptions options)
    {
        Dictionary<string, double> features = new()
        {
            ["width"] = original.Width,
            ["height"] = original.Height,
            ["bytes"] = encodedBytes,
        };
        PictureFeatures.Add(pixels, features);
        Film?.Add(features);
        return new InputSummary(Film is null ? "image" : "video", 1, encodedBytes, Features: features, Moment: Film?.Moment);
    }

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        RgbImage[] images = [pixels];
        switch (model.Task)
        {
            case ModelTask.ImageEmbedding or ModelTask.TextImageEmbedding:
                ServedAnswer<float[][]> vectors = await model.EmbedAsync(images, terms, cancellationToken);
                return WorkOutcome.Of(vectors, Views.OfVectors);
            case ModelTask.ImageClassification:
                ServedAnswer<LabelScore[][]> labels = await model.ClassifyAsync(images, top, terms, cancellationToken);
                return WorkOutcome.Of(labels, Views.OfLabels);
            case ModelTask.ObjectDetection:
                ServedAnswer<DetectedObject[][]> found = await model.DetectAsync(images, choice, terms, cancellationToken);
                return WorkOutcome.Of(found with { Value = [.. found.Value.Select(objects => objects.Select(Enlarge).ToArray())] }, _ =>
                    Views.OfObjects(found.Value)
                );
            default:
                throw Refusal.Invalid($"Model {model.Version} is for {model.Task}, which takes no image.");
        }
    }

    public void Dispose() => owner.Dispose();

    /// <summary>In pixels of the image that was sent, which may have been reduced when it was decoded.</summary>
    private DetectedObject Enlarge(DetectedObject found)
    {
        float across = (float)original.Width / pixels.Width,
            down = (float)original.Height / pixels.Height;
        return found with { X = found.X * across, Y = found.Y * down, Width = found.Width * across, Height = found.Height * down };
    }
}
