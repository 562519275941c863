using System.Numerics.Tensors;
using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Inference.Tokenizers;
using Serverless.Registry;
using Serverless.Registry.Packages;

namespace Serverless.Inference;

/// <summary>
/// Finds named entities. Texts longer than the model's window are read in windows that overlap by a quarter; in an overlap each window
/// decides the half that is nearer to its middle. Lives as long as its runtime; thread-safe.
/// </summary>
public sealed class EntityRecognizer
{
    private readonly TextRunner runner;
    private readonly TextEncoder encoder;
    private readonly EntityAggregator aggregator;
    private readonly int labelCount;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public EntityRecognizer(InferenceRuntime runtime, ModelPackage package)
    {
        package.Require(ModelTask.TokenClassification);
        IReadOnlyList<string> labels = package.Config.Labels!;
        labelCount = labels.Count;
        aggregator = new EntityAggregator(labels);
        encoder = new TextEncoder(package);
        runner = new TextRunner(runtime, package, encoder.PadId);
        Trial.Run(package, runner, encoder, (values, shape) =>
        {
            if (shape.Length != 2 || shape[1] != labelCount)
                throw package.RejectOutput(shape, $"{labelCount} values for each token, one for each label of config.json's id2label");
        });
    }

    public ModelReference Model => runner.Model;

    /// <summary>The entities of each text, in the order of the text.</summary>
    public IReadOnlyList<IReadOnlyList<EntitySpan>> Recognize(IReadOnlyList<string> texts, CancellationToken ct)
    {
        using TextWindows windows = encoder.EncodeWindows(texts);
        var tokens = new LabelledToken[windows.TokenCount];
        runner.Run(windows.Sequences, (window, values, _) => Label(windows, window, values, tokens), ct);
        var results = new IReadOnlyList<EntitySpan>[texts.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = aggregator.Aggregate(texts[i], tokens.AsSpan(windows.TokensOf(i)));
        return results;
    }

    private void Label(TextWindows windows, int window, ReadOnlySpan<float> values, LabelledToken[] tokens)
    {
        WindowShare share = windows.ShareOf(window);
        ReadOnlySpan<TextSpan> places = windows.Sequences.Places(window);
        ReadOnlySpan<int> words = windows.Sequences.Words(window);
        Span<float> scores = stackalloc float[Math.Min(labelCount, 256)];
        scores = labelCount > scores.Length ? new float[labelCount] : scores;
        for (int i = 0; i < share.Count; i++)
        {
            int at = share.FirstToken + i;
            Scores.Apply(OutputFunction.Softmax, values.Slice(at * labelCount, labelCount), scores);
            int best = TensorPrimitives.IndexOfMax(scores);
            if (!float.IsFinite(scores[best]))
                throw new ModelFaultException(Model, $"the scores of token {at} of a window of {words.Length} are not finite numbers");
            tokens[share.Target + i] = new LabelledToken(places[at], words[at], best, scores[best]);
        }
    }
}
