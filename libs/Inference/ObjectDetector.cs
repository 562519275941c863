using Serverless.Inference.Detection;
using Serverless.Inference.Images;
using Serverless.Inference.Serving;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Finds things in images, with a YOLOX-style head: one row for each cell of each grid, of box, objectness and a score for each label.
/// Thread-safe; Dispose closes the model where no other has it open.
/// </summary>
public sealed class ObjectDetector : IDisposable
{
    private readonly DetectionHead _head;
    private readonly ImageProcessing _processing;

    /// <exception cref="ModelRejectedException">The model's task, size or output is another.</exception>
    public ObjectDetector(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.ObjectDetection);
        Labels = package.Labels!;
        _processing = package.Processing!;
        _head = package.Head!;
        Runner = new ImageRunner(runtime, package, cancellationToken);
        LoadCheck.Run(package, Runner, cancellationToken);
    }

    public ModelReference Model => Runner.Model;
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Pixels of the shorter side below which pictures are enlarged for the model; 0 where it takes them as they are.</summary>
    public int InputSide => Runner.InputSide;

    internal ImageRunner Runner { get; }

    /// <summary>What is in each image, highest score first.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedObject>> Detect(
        IReadOnlyList<RgbImage> images,
        DetectionChoice? choice,
        CancellationToken cancellationToken
    )
    {
        var results = new IReadOnlyList<DetectedObject>[images.Count];
        Runner.Run(images, (item, values, _) => results[item] = Read(values, images[item], choice), cancellationToken);
        return results;
    }

    public void Dispose() => Runner.Dispose();

    /// <exception cref="ServingException">A threshold or number is not allowed.</exception>
    internal void Check(DetectionChoice? choice)
    {
        Check("scoreThreshold", choice?.ScoreThreshold ?? 0, 0, 1);
        Check("overlapThreshold", choice?.OverlapThreshold ?? 0, 0, 1);
        Check("maxDetections", choice?.MaxDetections ?? 1, 1, NonMaximumSuppression.MaxCandidates);
    }

    private void Check(string name, float value, float least, float most)
    {
        if (!(value >= least && value <= most))
        {
            throw new ServingException(
                ServingFault.InvalidInput,
                $"Model {Model.Name}/{Model.Version}: found {name} {value}; expected {least} to {most}."
            );
        }
    }

    /// <summary>The boxes of one image's part of the output, in its own pixels.</summary>
    internal DetectedObject[] Read(ReadOnlySpan<float> values, RgbImage image, DetectionChoice? choice)
    {
        if (!Numerics.Scores.AreFinite(values))
        {
            throw new ModelFaultException(Model, "an image's boxes are not finite numbers");
        }
        List<ScoredBox> boxes = _head.Decode(values, choice?.ScoreThreshold ?? _head.ScoreThreshold);
        ImagePlacement placement = _processing.Place(image.Width, image.Height);
        return
        [
            .. NonMaximumSuppression
                .Select(boxes, choice?.OverlapThreshold ?? _head.OverlapThreshold, _head.AcrossLabels)
                .Take(choice?.MaxDetections ?? _head.MaxDetections)
                .Select(box => placement.Restore(box, Labels[box.Label])),
        ];
    }
}
