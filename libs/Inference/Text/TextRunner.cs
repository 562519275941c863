using System.Buffers;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Sessions;
using Serverless.Registry;

namespace Serverless.Inference.Text;

/// <summary>
/// Takes token sequences through a model in batches of like length: rows × padded length stays within the token budget. Padding is
/// at the end and masked. Thread-safe.
/// </summary>
internal sealed class TextRunner(InferenceRuntime runtime, ModelPackage package, int padId)
{
    private readonly ModelSession session = runtime.Open(package);
    private readonly TextSignature signature = package.Text!;
    private readonly string[] inputNames = [.. package.Text!.Inputs.Select(i => i.Name)];
    private readonly int budget = runtime.Options.MaxBatchTokens;

    public ModelReference Model => session.Model;

    /// <summary>Calls take once for each sequence that is not empty, in any order, with its part of the output; the part of a padded row is longer than the sequence.</summary>
    public void Run(TokenSequences sequences, OutputRowHandler take, CancellationToken ct)
    {
        int[] order = [.. Enumerable.Range(0, sequences.Count).Where(i => sequences.Length(i) > 0).OrderBy(sequences.Length)];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && Fits(end + 1 - start, sequences.Length(order[end])))
                end++;
            RunBatch(sequences, order.AsSpan(start, end - start), take, ct);
        }
    }

    private bool Fits(int rows, int length) =>
        signature.FixedBatch is { } most ? rows <= most : (long)rows * (signature.FixedLength ?? length) <= budget;

    private void RunBatch(TokenSequences sequences, ReadOnlySpan<int> batch, OutputRowHandler take, CancellationToken ct)
    {
        int rows = signature.FixedBatch ?? batch.Length, length = signature.FixedLength ?? sequences.Length(batch[^1]);
        var tensors = new TokenTensor[signature.Inputs.Count];
        var values = new OrtValue[tensors.Length];
        try
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                tensors[i] = new TokenTensor(signature.Inputs[i], rows, length);
                tensors[i].Fill(sequences, batch, padId);
                values[i] = tensors[i].ToOrtValue();
            }
            using RunOutput output = session.Run(inputNames, values, signature.Output.Name, batch.Length, (long)rows * length, ct);
            output.ForEachRow(Model, rows, batch, take);
        }
        finally
        {
            foreach (OrtValue? value in values)
                value?.Dispose();
            foreach (TokenTensor? tensor in tensors)
                tensor?.Dispose();
        }
    }
}

/// <summary>One int32 or int64 input of a run, in rented memory.</summary>
internal sealed class TokenTensor(TextInput input, int rows, int length) : IDisposable
{
    private readonly int[]? narrow = input.Narrow ? ArrayPool<int>.Shared.Rent(rows * length) : null;
    private readonly long[]? wide = input.Narrow ? null : ArrayPool<long>.Shared.Rent(rows * length);

    public void Fill(TokenSequences sequences, ReadOnlySpan<int> batch, int padId)
    {
        if (narrow is not null)
            Fill(narrow.AsSpan(0, rows * length), sequences, batch, padId);
        else
            Fill(wide.AsSpan(0, rows * length), sequences, batch, (long)padId);
    }

    public OrtValue ToOrtValue() => narrow is not null
        ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, narrow.AsMemory(0, rows * length), [rows, length])
        : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, wide.AsMemory(0, rows * length), [rows, length]);

    public void Dispose()
    {
        if (narrow is not null)
            ArrayPool<int>.Shared.Return(narrow);
        if (wide is not null)
            ArrayPool<long>.Shared.Return(wide);
    }

    private void Fill<T>(Span<T> tensor, TokenSequences sequences, ReadOnlySpan<int> batch, T padId) where T : unmanaged, IBinaryInteger<T>
    {
        tensor.Fill(input.Role == TextInputRole.Ids ? padId : T.Zero);
        for (int r = 0; r < batch.Length; r++)
        {
            Span<T> row = tensor.Slice(r * length, length);
            if (input.Role == TextInputRole.Mask)
                row[..sequences.Length(batch[r])].Fill(T.One);
            else
                Widen(input.Role == TextInputRole.Ids ? sequences.Ids(batch[r]) : sequences.TypeIds(batch[r]), row);
        }
        // Rows that only fill a fixed batch see one token, since an all-masked row divides by zero.
        for (int r = batch.Length; r < rows && input.Role == TextInputRole.Mask; r++)
            tensor[r * length] = T.One;
    }

    private static void Widen<T>(ReadOnlySpan<int> values, Span<T> row) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < values.Length; i++)
            row[i] = T.CreateTruncating(values[i]);
    }
}
