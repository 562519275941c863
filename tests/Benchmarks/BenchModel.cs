using Microsoft.ML.OnnxRuntime;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>A text model to be measured.</summary>
/// <param name="Folder">Of its package.</param>
/// <param name="IsTiny">A run of one text takes less than a few milliseconds, so that all else weighs more than it would.</param>
internal sealed record BenchModel(string Name, string Folder, bool IsTiny)
{
    public static BenchModel Sample(string name) => new(name, Path.Combine(Checkout.SamplesModels, name, "1"), IsTiny: true);

    /// <summary>One of a real model's size: encoder.onnx with the tokenizer of the sample.</summary>
    public static BenchModel Encoder()
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "bench-encoder", "1"),
            sample = Path.Combine(Checkout.SamplesModels, "text-embedding", "1");
        Directory.CreateDirectory(folder);
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json", "sentence_bert_config.json" })
        {
            File.Copy(Path.Combine(sample, file), Path.Combine(folder, file), overwrite: true);
        }
        File.Copy(Path.Combine(Checkout.Root, "tests", "Benchmarks", "encoder.onnx"), Path.Combine(folder, "model.onnx"), overwrite: true);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            """{"architectures":["BertModel"],"model_type":"bert","vocab_size":7000,"hidden_size":384,"max_position_embeddings":128,"pad_token_id":0}"""
        );
        return new BenchModel("encoder", folder, IsTiny: false);
    }

    /// <summary>As serving opens it: on the threads that all sessions of the process share.</summary>
    public InferenceSession OpenSession()
    {
        using SessionOptions options = new() { EnableMemoryPattern = false };
        options.DisablePerSessionThreads();
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        return new InferenceSession(Directory.EnumerateFiles(Folder, "model.onnx", SearchOption.AllDirectories).Single(), options);
    }
}
