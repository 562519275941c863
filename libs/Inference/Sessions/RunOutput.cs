using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Packages;

namespace Serverless.Inference.Sessions;

/// <summary>The one output of a run as float32: the runtime's own memory, or a rented copy where the model answers in float16.</summary>
internal sealed class RunOutput : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> _values;
    private readonly float[]? _widened;
    private readonly int _length;

    public RunOutput(IDisposableReadOnlyCollection<OrtValue> values)
    {
        _values = values;
        OrtTensorTypeAndShapeInfo info = values[0].GetTensorTypeAndShape();
        Shape = info.Shape;
        _length = checked((int)info.ElementCount);
        if (info.ElementDataType == TensorElementType.Float16)
        {
            _widened = ArrayPool<float>.Shared.Rent(_length);
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(values[0].GetTensorDataAsSpan<Float16>()), _widened);
        }
    }

    public long[] Shape { get; }

    /// <summary>Valid until Dispose.</summary>
    public ReadOnlySpan<float> Values => _widened is null ? _values[0].GetTensorDataAsSpan<float>() : _widened.AsSpan(0, _length);

    /// <summary>Hands out the first rows of the output, those that are not padding.</summary>
    /// <exception cref="ModelFaultException">There are not that many rows.</exception>
    public void ForEachRow(ModelReference model, int rows, int wanted, OutputRowHandler take)
    {
        if (Shape.Length < 2 || Shape[0] != rows || _length == 0)
        {
            throw new ModelFaultException(model, $"the output has the shape [{string.Join(',', Shape)}] where a batch of {rows} went in");
        }
        int each = _length / rows;
        for (int i = 0; i < wanted; i++)
        {
            take(i, Values.Slice(i * each, each), Shape.AsSpan(1));
        }
    }

    public void Dispose()
    {
        if (_widened is not null)
        {
            ArrayPool<float>.Shared.Return(_widened);
        }
        _values.Dispose();
    }
}
