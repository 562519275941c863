namespace Serverless.Packages.Onnx;

/// <summary>A well-formed graph that asks for what is not allowed.</summary>
internal sealed class GraphFaultException(string found, string expected) : Exception($"found {found}; expected {expected}")
{
    public string Found { get; } = found;
    public string Expected { get; } = expected;
}
