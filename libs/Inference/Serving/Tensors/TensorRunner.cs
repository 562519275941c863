using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Tensors;

/// <summary>One caller's checked tensors, and the answer once they ran.</summary>
internal sealed class TensorWork(NamedTensor[] inputs, int[] outputs)
{
    public NamedTensor[] Inputs { get; } = inputs;

    /// <summary>By index in the signature.</summary>
    public int[] Outputs { get; } = outputs;

    public NamedTensor[] Results { get; set; } = [];

    public long Rows => Inputs[0].Shape[0];
    public long Elements => Inputs.Sum(i => TensorPort.Elements(i.Shape) ?? long.MaxValue);
}

/// <summary>
/// Takes raw tensors through a model; those of several callers, who ask for the same outputs, one behind another as rows of one run.
/// Thread-safe.
/// </summary>
internal sealed class TensorRunner(InferenceRuntime runtime, ModelPackage package, TensorSignature signature, CancellationToken opening)
    : IDisposable
{
    private readonly SessionLease _lease = runtime.Open(package, opening);
    private readonly string[] _inputNames = [.. signature.Inputs.Select(i => i.Name)];

    public RunTimes RunBatch(ReadOnlySpan<TensorWork> batch, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        var inputs = new OrtValue[signature.Inputs.Count];
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = Join(batch, i);
            }
            int[] wanted = [.. batch[0].Outputs.Distinct()];
            long filled = Stopwatch.GetTimestamp();
            using IDisposableReadOnlyCollection<OrtValue> outputs = _lease.Session.Run(
                _inputNames,
                inputs,
                [.. wanted.Select(o => signature.Outputs[o].Name)],
                batch.Length,
                Units(batch),
                cancellationToken
            );
            long ran = Stopwatch.GetTimestamp();
            foreach (TensorWork work in batch)
            {
                work.Results = new NamedTensor[work.Outputs.Length];
            }
            for (int o = 0; o < wanted.Length; o++)
            {
                Split(batch, wanted[o], outputs[o]);
            }
            return new RunTimes(
                Stopwatch.GetElapsedTime(start, filled),
                Stopwatch.GetElapsedTime(filled, ran),
                Stopwatch.GetElapsedTime(ran)
            );
        }
        finally
        {
            foreach (OrtValue? input in inputs)
            {
                input?.Dispose();
            }
        }
    }

    /// <summary>
    /// Runs zeros of the smallest shape. False where the graph does not take them: it may demand more of its input than its signature says.
    /// </summary>
    public bool TryRunZeros(CancellationToken cancellationToken)
    {
        if (signature.Inputs.Any(i => i.Type is null))
        {
            return false;
        }
        NamedTensor[] zeros = [.. signature.Inputs.Select(Zeros)];
        try
        {
            RunBatch([new TensorWork(zeros, signature.CheckOutputs(null))], cancellationToken);
            return true;
        }
        catch (ModelFaultException)
        {
            return false;
        }
    }

    public void Dispose() => _lease.Dispose();

    private static NamedTensor Zeros(TensorPort input)
    {
        long[] shape = [.. (input.Shape ?? [1]).Select(d => Math.Max(d, 1))];
        int count = checked((int)(TensorPort.Elements(shape) ?? int.MaxValue)),
            bytes = input.Type?.Bytes ?? 0;
        var tensor = new NamedTensor(input.Name, input.Type?.Name ?? "", shape);
        return bytes > 0 ? tensor with { Data = new byte[count * bytes] } : tensor with { Items = new ReadOnlyMemory<byte>[count] };
    }

    private static long Units(ReadOnlySpan<TensorWork> batch)
    {
        long units = 0;
        foreach (TensorWork work in batch)
        {
            units += work.Elements;
        }
        return units;
    }

    /// <summary>The runtime's own memory: what callers give need not be aligned.</summary>
    private OrtValue Join(ReadOnlySpan<TensorWork> batch, int input)
    {
        TensorElement type = signature.Inputs[input].Type!;
        long[] shape = [.. batch[0].Inputs[input].Shape];
        for (int i = 1; i < batch.Length; i++)
        {
            shape[0] += batch[i].Rows;
        }
        OrtValue value =
            type.Bytes == 0
                ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape)
                : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type.Runtime, shape);
        int at = 0;
        foreach (TensorWork work in batch)
        {
            NamedTensor tensor = work.Inputs[input];
            foreach (ReadOnlyMemory<byte> item in tensor.Items)
            {
                value.StringTensorSetElementAt(item.Span, at++);
            }
            if (type.Bytes == 0 || tensor.Data.IsEmpty)
            {
                continue;
            }
            tensor.Data.Span.CopyTo(value.GetTensorMutableRawData()[at..]);
            at += tensor.Data.Length;
        }
        return value;
    }

    private void Split(ReadOnlySpan<TensorWork> batch, int output, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        TensorElement type = TensorElements.Of(info.ElementDataType)
            ?? throw Fault(output, $"of type {info.ElementDataType}", $"{signature.Outputs[output]}");
        long rows = 0;
        foreach (TensorWork work in batch)
        {
            rows += batch.Length > 1 ? work.Rows : 0;
        }
        if (batch.Length > 1 && (info.Shape.Length == 0 || info.Shape[0] != rows))
        {
            throw Fault(output, $"of shape [{string.Join(',', info.Shape)}]", $"{rows} rows, as many as went in");
        }
        long first = 0;
        foreach (TensorWork work in batch)
        {
            long[] shape = [.. info.Shape];
            long part = info.ElementCount;
            if (batch.Length > 1)
            {
                (shape[0], part) = (work.Rows, rows == 0 ? 0 : info.ElementCount / rows * work.Rows);
            }
            NamedTensor tensor = Copy(value, type, signature.Outputs[output].Name, shape, checked((int)first), checked((int)part));
            for (int i = 0; i < work.Outputs.Length; i++)
            {
                work.Results[i] = work.Outputs[i] == output ? tensor : work.Results[i];
            }
            first += part;
        }
    }

    private static NamedTensor Copy(OrtValue value, TensorElement type, string name, long[] shape, int first, int count)
    {
        var tensor = new NamedTensor(name, type.Name, shape);
        if (type.Bytes > 0)
        {
            return tensor with
            {
                Data = count == 0 ? default : value.GetTensorMutableRawData().Slice(first * type.Bytes, count * type.Bytes).ToArray(),
            };
        }
        var items = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = value.GetStringElementAsSpan(first + i).ToArray();
        }
        return tensor with { Items = items };
    }

    private ModelFaultException Fault(int output, string found, string expected) =>
        new(package.Reference, $"the output '{signature.Outputs[output].Name}' is {found}; expected {expected}");
}
