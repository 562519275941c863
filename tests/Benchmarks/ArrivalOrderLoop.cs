using Microsoft.ML.OnnxRuntime;
using Serverless.Inference;
using Serverless.Tokenizers;

namespace Serverless.Benchmarks;

/// <summary>
/// The usual way to batch: the next texts as they come, each padded to the longest. Around it there is no server, which spares it what
/// serving costs.
/// </summary>
internal sealed class ArrivalOrderLoop(BenchModel model, TextEmbedder embedder) : IDisposable
{
    private readonly InferenceSession _session = model.OpenSession();

    // so that a batch of the longest texts is as large as ours may be
    private readonly int _rows = new RuntimeOptions().MaxBatchTokens / embedder.MaxTokens;

    public Task RunAsync(string[] texts, int threads, CancellationToken cancellationToken) =>
        BenchThreads.ForEachAsync(texts.Chunk(_rows), threads, chunk =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Run(chunk);
        });

    public void Dispose() => _session.Dispose();

    private void Run(string[] texts)
    {
        TokenEncoding[] encodings = [.. texts.Select(text => Encode(text))];
        int length = encodings.Max(e => e.Count);
        OrtValue[] values =
        [
            .. _session.InputNames.Select(name =>
                OrtValue.CreateTensorValueFromMemory(Column(name, encodings, length), [texts.Length, length])
            ),
        ];
        using RunOptions options = new();
        using (IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, _session.InputNames, values, _session.OutputNames))
        {
            outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        foreach (OrtValue value in values)
        {
            value.Dispose();
        }
    }

    private TokenEncoding Encode(string text)
    {
        TokenEncoding encoding = new();
        embedder.Tokenizer.Encode(text, encoding, new EncodeOptions { MaxTokens = embedder.MaxTokens });
        return encoding;
    }

    private static long[] Column(string name, TokenEncoding[] encodings, int length)
    {
        long[] column = new long[encodings.Length * length];
        for (int row = 0; row < encodings.Length; row++)
        {
            for (int i = 0; i < encodings[row].Count; i++)
            {
                column[(row * length) + i] =
                    name == "input_ids" ? encodings[row].Ids[i]
                    : name == "attention_mask" ? 1
                    : 0;
            }
        }
        return column;
    }
}
