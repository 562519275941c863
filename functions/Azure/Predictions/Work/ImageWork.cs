using Serverless.Captures;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media.Images;
using Serverless.Packages;

namespace Serverless.Functions.Azure.Predictions.Work;

/// <summary>One image, for models that embed, classify or detect. Owns the decoded image.</summary>
internal sealed class ImageWork(DecodedImage image, long encodedBytes, int top, DetectionChoice? choice) : IPredictionWork
{
    public long Bytes => image.Rgb.Length;

    public InputSummary Describe(CaptureOptions options) => new(
        "image", 1, encodedBytes, Features: new Dictionary<string, double> { ["width"] = image.OriginalWidth, ["height"] = image.OriginalHeight, ["bytes"] = encodedBytes });

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        RgbImage[] pixels = [new RgbImage(image.Rgb, image.Width, image.Height)];
        switch (model.Task)
        {
            case ModelTask.ImageEmbedding:
                ServedAnswer<float[][]> vectors = await model.EmbedAsync(pixels, terms, cancellationToken);
                return WorkOutcome.Of(vectors, Views.OfVectors);
            case ModelTask.ImageClassification:
                ServedAnswer<LabelScore[][]> labels = await model.ClassifyAsync(pixels, top, terms, cancellationToken);
                return WorkOutcome.Of(labels, Views.OfLabels);
            case ModelTask.ObjectDetection:
                ServedAnswer<DetectedObject[][]> found = await model.DetectAsync(pixels, choice, terms, cancellationToken);
                return WorkOutcome.Of(found with { Value = [.. found.Value.Select(objects => objects.Select(Enlarge).ToArray())] }, _ => Views.OfObjects(found.Value));
            default:
                throw RequestProblem.BadRequest($"Model {model.Version} is for {model.Task}, which takes no image.");
        }
    }

    public void Dispose() => image.Dispose();

    /// <summary>In pixels of the image that was sent, which may have been reduced when it was decoded.</summary>
    private DetectedObject Enlarge(DetectedObject found)
    {
        float across = (float)image.OriginalWidth / image.Width, down = (float)image.OriginalHeight / image.Height;
        return found with { X = found.X * across, Y = found.Y * down, Width = found.Width * across, Height = found.Height * down };
    }
}
