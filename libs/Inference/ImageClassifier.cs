using Serverless.Inference.Images;
using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Registry;
using Serverless.Registry.Packages;

namespace Serverless.Inference;

/// <summary>Labels images. Lives as long as its runtime; thread-safe.</summary>
public sealed class ImageClassifier
{
    private readonly ImageRunner runner;
    private readonly OutputFunction function;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public ImageClassifier(InferenceRuntime runtime, ModelPackage package)
    {
        package.Require(ModelTask.ImageClassification);
        runner = new ImageRunner(runtime, package);
        Labels = package.Config.Labels!;
        function = package.Config.Function ?? (Labels.Count == 1 ? OutputFunction.Sigmoid : OutputFunction.Softmax);
        Trial.Run(package, runner, (values, shape) =>
        {
            if (values.Length != Labels.Count)
                throw package.RejectOutput(shape, $"{Labels.Count} values for each image, one for each label of config.json's id2label");
        });
    }

    public ModelReference Model => runner.Model;

    /// <summary>Pixels of the shorter side below which pictures are enlarged for the model; 0 where it takes them as they are.</summary>
    public int InputSide => runner.InputSide;
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The best labels of each image, highest score first.</summary>
    public IReadOnlyList<IReadOnlyList<LabelScore>> Classify(IReadOnlyList<RgbImage> images, int top, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var results = new IReadOnlyList<LabelScore>[images.Count];
        runner.Run(images, (item, values, _) => results[item] = Best(values, Math.Min(top, Labels.Count)), ct);
        return results;
    }

    private LabelScore[] Best(ReadOnlySpan<float> values, int top)
    {
        if (!Scores.AreFinite(values))
            throw new ModelFaultException(Model, "an image's scores are not finite numbers");
        float[] scores = new float[values.Length];
        Scores.Apply(function, values, scores);
        int[] best = new int[top];
        Scores.Top(scores, best);
        return [.. best.Select(i => new LabelScore(Labels[i], scores[i]))];
    }
}
