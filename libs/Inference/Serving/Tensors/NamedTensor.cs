namespace Serverless.Inference.Serving;

/// <summary>
/// One named tensor, row by row (the last dimension moves fastest), as the Open Inference Protocol names and lays it out.
/// </summary>
/// <param name="Datatype">BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64 or BYTES.</param>
/// <param name="Shape">At a request without -1.</param>
public sealed record NamedTensor(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <summary>The elements, little-endian, one byte for a BOOL; empty for BYTES.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The elements of a BYTES tensor: text in UTF-8, or anything that the model takes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Items { get; init; } = [];
}

/// <summary>What a model is asked by tensors.</summary>
/// <param name="Outputs">Which outputs are wanted; null for all.</param>
public sealed record TensorRequest(IReadOnlyList<NamedTensor> Inputs, IReadOnlyList<string>? Outputs = null);
