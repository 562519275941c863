using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Tells how well documents answer a query: reads each together with it and gives one score, from 0 to 1 unless the package names another
/// function than sigmoid (what sentence-transformers' CrossEncoder applies to one logit). Where both do not fit, the longer gives way.
/// Thread-safe; Dispose closes the model where no other has it open.
/// </summary>
public sealed class CrossEncoder : IDisposable
{
    private readonly OutputFunction _function;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public CrossEncoder(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.Reranking);
        _function = package.Config.Function ?? OutputFunction.Sigmoid;
        Encoder = package.Encoder!;
        Runner = new TextRunner(runtime, package, Encoder.PadId, cancellationToken);
        LoadCheck.Run(package, Runner, cancellationToken);
    }

    public ModelReference Model => Runner.Model;

    internal TextRunner Runner { get; }
    internal TextEncoder Encoder { get; }

    /// <summary>The score of each document, in their order.</summary>
    public PairScore[] Score(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        using TokenSequences sequences = Encoder.EncodePairs(query, documents);
        var scores = new PairScore[documents.Count];
        Runner.Run(sequences, (item, values, _) => scores[item] = ScoreOf(values), cancellationToken);
        return scores;
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Of one pair's part of the output.</summary>
    internal PairScore ScoreOf(ReadOnlySpan<float> values)
    {
        Span<float> score = stackalloc float[1];
        Scores.Apply(_function, values, score);
        return float.IsFinite(score[0])
            ? new PairScore(values[0], score[0])
            : throw new ModelFaultException(Model, "the score of a pair is not a finite number");
    }
}

/// <param name="Raw">By which pairs rank: a sigmoid makes 1 of all that is above about 17, in float32.</param>
public readonly record struct PairScore(float Raw, float Score);
