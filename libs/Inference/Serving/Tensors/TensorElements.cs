using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Packages.Onnx;

namespace Serverless.Inference.Serving.Tensors;

/// <summary>A tensor's element type in the protocol's, ONNX's and the runtime's words. Bytes is 0 for BYTES, whose elements vary.</summary>
internal sealed record TensorElement(string Name, OnnxElement Element, TensorElementType Runtime, int Bytes);

/// <summary>The datatypes of the Open Inference Protocol v2 (github.com/kserve/open-inference-protocol, "Tensor Data Types").</summary>
internal static class TensorElements
{
    public static IReadOnlyList<TensorElement> All { get; } =
    [
        new("BOOL", OnnxElement.Bool, TensorElementType.Bool, 1),
        new("UINT8", OnnxElement.UInt8, TensorElementType.UInt8, 1),
        new("UINT16", OnnxElement.UInt16, TensorElementType.UInt16, 2),
        new("UINT32", OnnxElement.UInt32, TensorElementType.UInt32, 4),
        new("UINT64", OnnxElement.UInt64, TensorElementType.UInt64, 8),
        new("INT8", OnnxElement.Int8, TensorElementType.Int8, 1),
        new("INT16", OnnxElement.Int16, TensorElementType.Int16, 2),
        new("INT32", OnnxElement.Int32, TensorElementType.Int32, 4),
        new("INT64", OnnxElement.Int64, TensorElementType.Int64, 8),
        new("FP16", OnnxElement.Float16, TensorElementType.Float16, 2),
        new("FP32", OnnxElement.Float, TensorElementType.Float, 4),
        new("FP64", OnnxElement.Double, TensorElementType.Double, 8),
        new("BYTES", OnnxElement.String, TensorElementType.String, 0),
    ];

    /// <summary>Null for what the protocol has no name for.</summary>
    public static TensorElement? Of(OnnxElement element) => All.FirstOrDefault(t => t.Element == element);

    public static TensorElement? Of(TensorElementType element) => All.FirstOrDefault(t => t.Runtime == element);
}
