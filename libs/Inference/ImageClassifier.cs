using Serverless.Inference.Images;
using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>Labels images. Thread-safe; Dispose closes the model where no other has it open.</summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly OutputFunction _function;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public ImageClassifier(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.ImageClassification);
        Runner = new ImageRunner(runtime, package, cancellationToken);
        Labels = package.Labels!;
        _function = package.Config.Function ?? (Labels.Count == 1 ? OutputFunction.Sigmoid : OutputFunction.Softmax);
        LoadCheck.Run(package, Runner, cancellationToken);
    }

    public ModelReference Model => Runner.Model;

    /// <summary>Pixels of the shorter side below which pictures are enlarged for the model; 0 where it takes them as they are.</summary>
    public int InputSide => Runner.InputSide;

    public IReadOnlyList<string> Labels { get; }

    internal ImageRunner Runner { get; }

    /// <summary>The best labels of each image, highest score first.</summary>
    public IReadOnlyList<IReadOnlyList<LabelScore>> Classify(IReadOnlyList<RgbImage> images, int top, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var results = new IReadOnlyList<LabelScore>[images.Count];
        Runner.Run(images, (item, values, _) => results[item] = Best(values, top), cancellationToken);
        return results;
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Of one image's part of the output.</summary>
    internal LabelScore[] Best(ReadOnlySpan<float> values, int top) =>
        Scores.AreFinite(values)
            ? Scores.Best(_function, values, Labels, top)
            : throw new ModelFaultException(Model, "an image's scores are not finite numbers");
}
