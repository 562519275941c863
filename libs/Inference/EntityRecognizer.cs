using System.Numerics.Tensors;
using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Packages;
using Serverless.Tokenizers;

namespace Serverless.Inference;

/// <summary>
/// Finds named entities. Texts longer than the model's window are read in windows that overlap by a quarter; in an overlap each window
/// decides the half that is nearer to its middle. Thread-safe; Dispose closes the model where no other has it open.
/// </summary>
public sealed class EntityRecognizer : IDisposable
{
    private readonly EntityAggregator _aggregator;
    private readonly int _labelCount;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public EntityRecognizer(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.TokenClassification);
        IReadOnlyList<string> labels = package.Labels!;
        _labelCount = labels.Count;
        _aggregator = new EntityAggregator(labels);
        Encoder = package.Encoder!;
        Runner = new TextRunner(runtime, package, Encoder.PadId, cancellationToken);
        LoadCheck.Run(package, Runner, cancellationToken);
    }

    public ModelReference Model => Runner.Model;

    internal TextRunner Runner { get; }
    internal TextEncoder Encoder { get; }

    /// <summary>The entities of each text, in the order of the text.</summary>
    public IReadOnlyList<IReadOnlyList<EntitySpan>> Recognize(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using TextWindows windows = Encoder.EncodeWindows(texts);
        var tokens = new LabelledToken[windows.TokenCount];
        Runner.Run(windows.Sequences, (window, values, _) => Label(windows, window, values, tokens), cancellationToken);
        return Aggregate(texts, windows, tokens);
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>The entities of all texts, of whose windows each has been labelled.</summary>
    internal IReadOnlyList<EntitySpan>[] Aggregate(IReadOnlyList<string> texts, TextWindows windows, LabelledToken[] tokens)
    {
        var results = new IReadOnlyList<EntitySpan>[texts.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = _aggregator.Aggregate(texts[i], tokens.AsSpan(windows.TokensOf(i)));
        }
        return results;
    }

    /// <summary>Puts the labels of one window into the tokens that it decides.</summary>
    internal void Label(TextWindows windows, int window, ReadOnlySpan<float> values, LabelledToken[] tokens)
    {
        WindowShare share = windows.ShareOf(window);
        ReadOnlySpan<TextSpan> places = windows.Sequences.Places(window);
        ReadOnlySpan<int> words = windows.Sequences.Words(window);
        Span<float> scores = stackalloc float[Math.Min(_labelCount, 256)];
        scores = _labelCount > scores.Length ? new float[_labelCount] : scores;
        for (int i = 0; i < share.Count; i++)
        {
            int at = share.FirstToken + i;
            Scores.Apply(OutputFunction.Softmax, values.Slice(at * _labelCount, _labelCount), scores);
            int best = TensorPrimitives.IndexOfMax(scores);
            if (!float.IsFinite(scores[best]))
            {
                throw new ModelFaultException(Model, $"the scores of token {at} of a window of {words.Length} are not finite numbers");
            }
            tokens[share.Target + i] = new LabelledToken(places[at], words[at], best, scores[best]);
        }
    }
}
