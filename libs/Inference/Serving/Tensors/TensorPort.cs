using Serverless.Packages;
using Serverless.Packages.Onnx;

namespace Serverless.Inference.Serving.Tensors;

/// <summary>One input or output of a graph. Type is null where the protocol has no name for it: sequences, maps, rare numbers.</summary>
internal sealed class TensorPort(OnnxValue value)
{
    public string Name => value.Name;
    public TensorSpec Spec => value.Describe();
    public TensorElement? Type { get; } = TensorElements.Of(value.Element);

    /// <summary>-1 for dynamic dimensions; null where the rank is open.</summary>
    public long[]? Shape => value.Shape;

    /// <summary>
    /// The graph's name of the first dimension where that is a batch; null where it is fixed or means something else, a time say.
    /// </summary>
    public string? BatchName =>
        value.Symbols is [{ } name, ..] && (name.StartsWith("batch", StringComparison.OrdinalIgnoreCase) || name is "N" or "n" or "bs")
            ? name
            : null;

    public bool Fits(IReadOnlyList<long> shape) =>
        shape.All(d => d >= 0)
        && (Shape is null || (Shape.Length == shape.Count && Shape.Zip(shape).All(d => d.First < 0 || d.First == d.Second)));

    /// <summary>Null where they are more than fit into one array.</summary>
    public static long? Elements(IReadOnlyList<long> shape)
    {
        long elements = 1;
        foreach (long size in shape)
        {
            if (size > int.MaxValue || (elements *= size) > int.MaxValue)
            {
                return null;
            }
        }
        return elements;
    }

    public override string ToString() => $"{Type?.Name ?? "another type"} [{(Shape is null ? "any" : string.Join(',', Shape))}]";
}
