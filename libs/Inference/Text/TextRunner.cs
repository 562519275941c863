using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Text;

/// <summary>
/// Takes token sequences through a model in batches of one length bucket: rows × padded length stays within the token budget. Padding is
/// at the end and masked. Thread-safe. Dispose closes the model where no other has it open.
/// </summary>
internal sealed class TextRunner(InferenceRuntime runtime, ModelPackage package, int padId, CancellationToken opening) : IDisposable
{
    private readonly SessionLease _lease = runtime.Open(package, opening);
    private readonly TextSignature _signature = package.Text!;
    private readonly string[] _inputNames = [.. package.Text!.Inputs.Select(i => i.Name)];
    private readonly int _budget = runtime.Options.MaxBatchTokens;

    /// <summary>As this package names it: the session may have been opened by another of the same digest.</summary>
    public ModelReference Model { get; } = package.Reference;

    public int? FixedBatch => _signature.FixedBatch;
    public int? FixedLength => _signature.FixedLength;

    public void Dispose() => _lease.Dispose();

    /// <summary>
    /// Calls take once for each sequence that is not empty, in any order, with its part of the output; the part of a padded row is longer
    /// than the sequence.
    /// </summary>
    public void Run(TokenSequences sequences, OutputRowHandler take, CancellationToken cancellationToken)
    {
        int[] order = [.. Enumerable.Range(0, sequences.Count).Where(i => sequences.Length(i) > 0).OrderBy(sequences.Length)];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            int bucket = LengthBucket.Of(sequences.Length(order[start]));
            while (end < order.Length && Fits(end + 1 - start, sequences.Length(order[end]), bucket))
            {
                end++;
            }
            int[] batch = order[start..end];
            RunBatch(
                [.. batch.Select(i => new TokenRow(sequences, i))],
                (row, values, shape) => take(batch[row], values, shape),
                cancellationToken
            );
        }
    }

    /// <summary>Runs these rows at once, whatever their number; take gets the rows by their place.</summary>
    public RunTimes RunBatch(TokenRow[] batch, OutputRowHandler take, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int rows = _signature.FixedBatch ?? batch.Length,
            length = _signature.FixedLength ?? batch.Max(r => r.Length);
        var tensors = new TokenTensor[_signature.Inputs.Count];
        var values = new OrtValue[tensors.Length];
        try
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                tensors[i] = new TokenTensor(_signature.Inputs[i], rows, length);
                tensors[i].Fill(batch, padId);
                values[i] = tensors[i].ToOrtValue();
            }
            long filled = Stopwatch.GetTimestamp();
            using RunOutput output = _lease.Session.Run(
                _inputNames,
                values,
                _signature.Output.Name,
                batch.Length,
                (long)rows * length,
                cancellationToken
            );
            long ran = Stopwatch.GetTimestamp();
            output.ForEachRow(Model, rows, batch.Length, take);
            return new RunTimes(
                Stopwatch.GetElapsedTime(start, filled),
                Stopwatch.GetElapsedTime(filled, ran),
                Stopwatch.GetElapsedTime(ran)
            );
        }
        finally
        {
            foreach (OrtValue? value in values)
            {
                value?.Dispose();
            }
            foreach (TokenTensor? tensor in tensors)
            {
                tensor?.Dispose();
            }
        }
    }

    /// <summary>Where rows or their length are fixed, padding costs nothing more.</summary>
    private bool Fits(int rows, int length, int bucket) =>
        _signature.FixedBatch is { } most ? rows <= most
        : _signature.FixedLength is { } all ? (long)rows * all <= _budget
        : length <= bucket && (long)rows * length <= _budget;
}

/// <summary>One of the sequences, as a row of a batch that may hold rows of others.</summary>
internal readonly record struct TokenRow(TokenSequences Sequences, int Index)
{
    public int Length => Sequences.Length(Index);
    public ReadOnlySpan<int> Ids => Sequences.Ids(Index);
    public ReadOnlySpan<int> TypeIds => Sequences.TypeIds(Index);
}

/// <summary>One int32 or int64 input of a run, in rented memory.</summary>
internal sealed class TokenTensor(TextInput input, int rows, int length) : IDisposable
{
    private readonly int[]? _narrow = input.Narrow ? ArrayPool<int>.Shared.Rent(rows * length) : null;
    private readonly long[]? _wide = input.Narrow ? null : ArrayPool<long>.Shared.Rent(rows * length);

    public void Fill(ReadOnlySpan<TokenRow> batch, int padId)
    {
        if (_narrow is not null)
        {
            Fill(_narrow.AsSpan(0, rows * length), batch, padId);
        }
        else
        {
            Fill(_wide.AsSpan(0, rows * length), batch, (long)padId);
        }
    }

    public OrtValue ToOrtValue() =>
        _narrow is not null
            ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _narrow.AsMemory(0, rows * length), [rows, length])
            : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _wide.AsMemory(0, rows * length), [rows, length]);

    public void Dispose()
    {
        if (_narrow is not null)
        {
            ArrayPool<int>.Shared.Return(_narrow);
        }
        if (_wide is not null)
        {
            ArrayPool<long>.Shared.Return(_wide);
        }
    }

    private void Fill<T>(Span<T> tensor, ReadOnlySpan<TokenRow> batch, T padId)
        where T : unmanaged, IBinaryInteger<T>
    {
        tensor.Fill(input.Role == TextInputRole.Ids ? padId : T.Zero);
        for (int r = 0; r < batch.Length; r++)
        {
            Span<T> row = tensor.Slice(r * length, length);
            if (input.Role == TextInputRole.Mask)
            {
                row[..batch[r].Length].Fill(T.One);
            }
            else
            {
                Widen(input.Role == TextInputRole.Ids ? batch[r].Ids : batch[r].TypeIds, row);
            }
        }
        // Rows that only fill a fixed batch see one token, since an all-masked row divides by zero.
        for (int r = batch.Length; r < rows && input.Role == TextInputRole.Mask; r++)
        {
            tensor[r * length] = T.One;
        }
    }

    private static void Widen<T>(ReadOnlySpan<int> values, Span<T> row)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            row[i] = T.CreateTruncating(values[i]);
        }
    }
}
