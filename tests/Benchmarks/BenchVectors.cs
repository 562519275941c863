using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Serverless.Inference;
using Serverless.Local.Stack;
using Serverless.Packages;

namespace Serverless.Benchmarks;

/// <summary>
/// Vectors of sentences by all-MiniLM-L6-v2, and as many more as wanted, grown from them: two sentences mixed, the second with a weight of
/// up to a half, and noise of a quarter of their length added. Rows end to end; queries are sentences that are in none of them.
/// </summary>
internal sealed class BenchVectors
{
    /// <summary>Names the folder of the model's package, as a package that is registered has it.</summary>
    public const string ModelVariable = "BENCH_MINILM";

    private const int Seed = 20_261_130;
    private const int Batch = 64;
    private const float MostOfSecond = 0.5f;
    private const float Noise = 0.25f;

    private BenchVectors(float[] rows, float[] queries, int dimensions) => (Rows, Queries, Dimensions) = (rows, queries, dimensions);

    public float[] Rows { get; }
    public float[] Queries { get; }
    public int Dimensions { get; }
    public int Count => Rows.Length / Dimensions;

    public ReadOnlySpan<float> Row(int row) => Rows.AsSpan(row * Dimensions, Dimensions);

    public ReadOnlySpan<float> Query(int query) => Queries.AsSpan(query * Dimensions, Dimensions);

    /// <summary>The sentences' own vectors, made once and kept under <c>artifacts/</c>.</summary>
    public static float[] Embed(string model, int most, out int dimensions)
    {
        string[] sentences = [.. BenchSentences.Read().Take(most)];
        string kept = Path.Combine(Checkout.Root, "artifacts", "vectors", $"sentences-{sentences.Length}.f32");
        using InferenceRuntime runtime = new(new RuntimeOptions());
        using TextEmbedder embedder = new(runtime, ModelPackage.Load(model, ModelLimits.Default));
        dimensions = embedder.Dimensions;
        if (File.Exists(kept))
        {
            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(kept)).ToArray();
        }
        // Sentences of a length are cheapest together.
        float[][] vectors =
        [
            .. sentences.OrderBy(s => s.Length).Chunk(Batch).SelectMany(some => embedder.Embed(some, CancellationToken.None)),
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        float[] all = [.. vectors.SelectMany(vector => vector)];
        File.WriteAllBytes(kept, MemoryMarshal.AsBytes(all.AsSpan()));
        return all;
    }

    public static BenchVectors Grow(float[] sentences, int dimensions, int count, int queries)
    {
        Random random = new(Seed);
        int[] order = [.. Enumerable.Range(0, sentences.Length / dimensions)];
        random.Shuffle(order);
        float[] asked = [.. order.Take(queries).SelectMany(i => sentences.AsSpan(i * dimensions, dimensions).ToArray())];
        int[] known = order[queries..];
        float[] rows = new float[(long)count * dimensions];
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = rows.AsSpan(row * dimensions, dimensions);
            sentences.AsSpan(known[row % known.Length] * dimensions, dimensions).CopyTo(vector);
            if (row >= known.Length)
            {
                Change(vector, sentences.AsSpan(known[random.Next(known.Length)] * dimensions, dimensions), random);
            }
        }
        return new BenchVectors(rows, asked, dimensions);
    }

    private static void Change(Span<float> vector, ReadOnlySpan<float> other, Random random)
    {
        float second = random.NextSingle() * MostOfSecond;
        float noise = Noise / MathF.Sqrt(vector.Length / 3f); // a uniform number from -1 to 1 has a variance of 1/3
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = vector[i] * (1 - second) + other[i] * second + noise * (random.NextSingle() * 2 - 1);
        }
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
    }
}
