using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Labels texts. Of a text of more tokens than the model takes the rest is not seen. Thread-safe; Dispose closes the model where no other
/// has it open.
/// </summary>
public sealed class TextClassifier : IDisposable
{
    private readonly OutputFunction _function;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public TextClassifier(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.TextClassification);
        Labels = package.Labels!;
        _function = package.Config.Function ?? OutputFunction.Softmax;
        Encoder = package.Encoder!;
        Runner = new TextRunner(runtime, package, Encoder.PadId, cancellationToken);
        LoadCheck.Run(package, Runner, cancellationToken);
    }

    public ModelReference Model => Runner.Model;
    public IReadOnlyList<string> Labels { get; }

    internal TextRunner Runner { get; }
    internal TextEncoder Encoder { get; }

    /// <summary>The best labels of each text, highest score first; none of a text that has no tokens.</summary>
    public IReadOnlyList<IReadOnlyList<LabelScore>> Classify(IReadOnlyList<string> texts, int top, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        using TokenSequences sequences = Encoder.Encode(texts);
        var results = new LabelScore[texts.Count][];
        Array.Fill(results, []);
        Runner.Run(sequences, (item, values, _) => results[item] = Best(values, top), cancellationToken);
        return results;
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Of one text's part of the output.</summary>
    internal LabelScore[] Best(ReadOnlySpan<float> values, int top) =>
        Scores.AreFinite(values)
            ? Scores.Best(_function, values, Labels, top)
            : throw new ModelFaultException(Model, "a text's scores are not finite numbers");
}
