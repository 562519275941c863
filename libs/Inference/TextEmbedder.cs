using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Inference.Tokenizers;
using Serverless.Registry;
using Serverless.Registry.Packages;

namespace Serverless.Inference;

/// <summary>
/// Turns texts into vectors, pooled and normalised as modules.json and 1_Pooling/config.json say; without them by mean, to length one.
/// Of a text of more than <see cref="MaxTokens"/> the rest is not seen, and a text without tokens has the zero vector. Thread-safe;
/// Dispose closes the model where no other has it open.
/// </summary>
public sealed class TextEmbedder : IDisposable
{
    private static readonly PoolingConfig Unconfigured = new(PoolingMode.Mean, Normalise: true, HasDense: false, Dimensions: null);

    private readonly PoolingConfig pooling;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public TextEmbedder(InferenceRuntime runtime, ModelPackage package)
    {
        package.Require(ModelTask.TextEmbedding);
        pooling = package.Pooling ?? Unconfigured;
        Encoder = new TextEncoder(package);
        Runner = new TextRunner(runtime, package, Encoder.PadId);
        Trial.Run(package, Runner, Encoder, (values, shape) => Dimensions = CheckOutput(package, shape));
    }

    public ModelReference Model => Runner.Model;
    public int Dimensions { get; private set; }
    public int MaxTokens => Encoder.MaxTokens;
    public Tokenizer Tokenizer => Encoder.Tokenizer;

    internal TextRunner Runner { get; }
    internal TextEncoder Encoder { get; }

    public float[][] Embed(IReadOnlyList<string> texts, CancellationToken ct)
    {
        using TokenSequences sequences = Encoder.Encode(texts);
        var vectors = new float[texts.Count][];
        Runner.Run(sequences, (item, values, shape) => vectors[item] = Vector(values, shape, sequences.Length(item)), ct);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] ??= new float[Dimensions];
        return vectors;
    }

    public void Dispose() => Runner.Dispose();

    private int CheckOutput(ModelPackage package, ReadOnlySpan<long> shape)
    {
        int? expected = shape.Length == 1 ? pooling.Dimensions : package.Config.HiddenSize;
        if (shape.Length is not (1 or 2) || (shape.Length == 2 && pooling.HasDense))
            throw package.RejectOutput(shape, pooling.HasDense ? "one vector, since the Dense module of modules.json must be part of the graph" : "one vector, or one for each token");
        if (expected is not null && expected != shape[^1] && !pooling.HasDense)
            throw package.RejectOutput(shape, $"{expected} dimensions, by {(shape.Length == 1 ? "1_Pooling/config.json" : "config.json's hidden_size")}");
        return checked((int)shape[^1]);
    }

    /// <summary>Of one text's part of the output.</summary>
    internal float[] Vector(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int tokens)
    {
        float[] vector = new float[Dimensions];
        if (shape.Length == 1)
            values.CopyTo(vector);
        else
            Pooling.Pool(pooling.Mode, values[..(tokens * Dimensions)], vector);
        bool finite = pooling.Normalise ? Scores.TryNormalise(vector) : Scores.AreFinite(vector);
        return finite ? vector : throw new ModelFaultException(Model, $"the vector of a text of {tokens} tokens is not made of finite numbers");
    }
}
