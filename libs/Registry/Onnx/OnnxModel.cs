namespace Serverless.Registry.Onnx;

/// <summary>What an ONNX file declares about itself, weights left unread.</summary>
public sealed record OnnxModel(
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyCollection<OnnxOperator> Operators,
    IReadOnlyCollection<ExternalData> ExternalData,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs);

public readonly record struct OnnxOperator(string Domain, string Type)
{
    public override string ToString() => Domain.Length == 0 ? Type : $"{Domain}::{Type}";
}

public readonly record struct ExternalData(string Location, long Offset, long Length);

/// <summary>An input or output of the graph. A shape is null where its rank is not declared, and has -1 for a dynamic dimension.</summary>
public sealed record OnnxValue(string Name, OnnxElement Element, long[]? Shape)
{
    public int? Rank => Shape?.Length;

    public override string ToString() => $"'{Name}' {Element}[{(Shape is null ? "?" : string.Join(',', Shape.Select(d => d < 0 ? "dynamic" : $"{d}")))}]";
}

/// <summary>TensorProto.DataType of the ONNX specification; other numbers are values we take nowhere.</summary>
public enum OnnxElement { NotATensor = 0, Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10, Double = 11 }
