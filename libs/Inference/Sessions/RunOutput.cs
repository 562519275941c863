using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Serverless.Inference.Sessions;

/// <summary>The one output of a run as float32: the runtime's own memory, or a rented copy where the model answers in float16.</summary>
internal sealed class RunOutput : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> values;
    private readonly float[]? widened;
    private readonly int length;

    public RunOutput(IDisposableReadOnlyCollection<OrtValue> values)
    {
        this.values = values;
        OrtTensorTypeAndShapeInfo info = values[0].GetTensorTypeAndShape();
        Shape = info.Shape;
        length = checked((int)info.ElementCount);
        if (info.ElementDataType == TensorElementType.Float16)
        {
            widened = ArrayPool<float>.Shared.Rent(length);
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(values[0].GetTensorDataAsSpan<Float16>()), widened);
        }
    }

    public long[] Shape { get; }

    /// <summary>Valid until Dispose.</summary>
    public ReadOnlySpan<float> Values => widened is null ? values[0].GetTensorDataAsSpan<float>() : widened.AsSpan(0, length);

    public void Dispose()
    {
        if (widened is not null)
            ArrayPool<float>.Shared.Return(widened);
        values.Dispose();
    }
}
