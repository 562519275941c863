using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Packages;
using Serverless.Tokenizers;

namespace Serverless.Inference;

/// <summary>
/// Turns texts into vectors, pooled and normalised as modules.json and 1_Pooling/config.json say; without them by mean, to length one.
/// The package's default prompt is put before each text. Of a text of more than <see cref="MaxTokens"/> the rest is not seen, and a text
/// without tokens has the zero vector. Thread-safe; Dispose closes the model where no other has it open.
/// </summary>
public sealed class TextEmbedder : IDisposable
{
    private static readonly PoolingConfig Unconfigured = new(PoolingMode.Mean, Normalise: true, HasDense: false, Dimensions: null);

    private readonly PoolingConfig _pooling;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public TextEmbedder(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package = package.For(ModelTask.TextEmbedding);
        _pooling = package.Pooling ?? Unconfigured;
        Encoder = package.Encoder!;
        Runner = new TextRunner(runtime, package, Encoder.PadId, cancellationToken);
        Dimensions = checked((int)LoadCheck.Run(package, Runner, cancellationToken)[^1]);
    }

    public ModelReference Model => Runner.Model;
    public int Dimensions { get; }
    public int MaxTokens => Encoder.MaxTokens;
    public Tokenizer Tokenizer => Encoder.Tokenizer;

    internal TextRunner Runner { get; }
    internal TextEncoder Encoder { get; }

    public float[][] Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using TokenSequences sequences = Encoder.Encode(texts);
        var vectors = new float[texts.Count][];
        Runner.Run(sequences, (item, values, shape) => vectors[item] = Vector(values, shape, sequences.Length(item)), cancellationToken);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] ??= new float[Dimensions];
        }
        return vectors;
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Of one text's part of the output.</summary>
    internal float[] Vector(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int tokens)
    {
        float[] vector = new float[Dimensions];
        if (shape.Length == 1)
        {
            values.CopyTo(vector);
        }
        else
        {
            Pooling.Pool(_pooling.Mode, values[..(tokens * Dimensions)], vector);
        }
        bool finite = _pooling.Normalise ? Scores.TryNormalise(vector) : Scores.AreFinite(vector);
        return finite
            ? vector
            : throw new ModelFaultException(Model, $"the vector of a text of {tokens} tokens is not made of finite numbers");
    }
}
