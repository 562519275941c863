namespace Serverless.Packages.Onnx;

/// <summary>What an ONNX file declares about itself; its weights were looked at, and are not kept.</summary>
public sealed record OnnxModel(
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyCollection<ExternalData> ExternalData,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs
)
{
    /// <summary>0 where the file does not say.</summary>
    public required long IrVersion { get; init; }

    /// <summary>What all tensors of the graph take in memory, those in other files included.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Whether strings can come about in the graph, as inputs, constants or what operators make.</summary>
    public required bool HasStrings { get; init; }

    /// <summary>
    /// Of inputs by whose values rows of a table of weights are taken, such as the embeddings of tokens: how many rows the smallest such
    /// table has.
    /// </summary>
    public required IReadOnlyDictionary<string, long> TableRows { get; init; }
}

public readonly record struct OnnxOperator(string Domain, string Type)
{
    public override string ToString() => Domain.Length == 0 ? Type : $"{Domain}::{Type}";
}

/// <summary>A tensor that lies in another file of the package.</summary>
/// <param name="Length">As the graph says; 0 where it does not, or says to the end.</param>
/// <param name="Bytes">What the tensor's shape makes.</param>
public readonly record struct ExternalData(string Location, long Offset, long Length, string Tensor, OnnxElement Element, long Bytes);

/// <summary>An input or output of the graph. A shape is null where its rank is not declared, and has -1 for a dynamic dimension.</summary>
public sealed record OnnxValue(string Name, OnnxElement Element, long[]? Shape)
{
    public int? Rank => Shape?.Length;

    /// <summary>
    /// The graph's names of dynamic dimensions (batch_size, sequence_length, …), null where it has none; as long as Shape.
    /// </summary>
    public IReadOnlyList<string?> Symbols { get; init; } = [];

    public TensorSpec Describe() => new(Name, Element.ProtocolName(), Shape);

    public override string ToString() =>
        $"'{Name}' {Element}[{(Shape is null ? "?" : string.Join(',', Shape.Select(d => d < 0 ? "dynamic" : $"{d}")))}]";
}

/// <summary>TensorProto.DataType of the ONNX specification; other numbers are values we take nowhere.</summary>
public enum OnnxElement
{
    NotATensor = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
    Float8E4M3Fn = 17,
    Float8E4M3FnUz = 18,
    Float8E5M2 = 19,
    Float8E5M2FnUz = 20,
}

public static class OnnxElements
{
    /// <summary>The datatype of the Open Inference Protocol v2; elements that it has no name for keep the one of ONNX.</summary>
    public static string ProtocolName(this OnnxElement element) =>
        element switch
        {
            OnnxElement.Float => "FP32",
            OnnxElement.Float16 => "FP16",
            OnnxElement.Double => "FP64",
            OnnxElement.BFloat16 => "BF16",
            OnnxElement.String => "BYTES",
            _ => element.ToString().ToUpperInvariant(),
        };
}
