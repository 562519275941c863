namespace Serverless.Packages.Onnx;

/// <summary>
/// Nodes that make a tensor of a shape which the graph itself holds: a few bytes of model can ask for any memory so. Shapes that are
/// computed are left to the run, which has a limit of its own.
/// </summary>
internal sealed class ConstantShapes(ModelLimits limits)
{
    private readonly Dictionary<string, long[]> _constants = [];
    private readonly List<(OnnxOperator Operator, string? Source, long[]? Shape, long Type)> _makers = [];

    public void AddConstant(string? name, long[]? integers)
    {
        if (name is not null && integers is not null)
        {
            _constants.TryAdd(name, integers);
        }
    }

    public void Add(OnnxOperator op, NodeShape node)
    {
        switch (op)
        {
            case { Domain: "", Type: "Constant" }:
                AddConstant(node.Output, node.Tensor?.Integers ?? node.Integers);
                break;
            case { Domain: "", Type: "ConstantOfShape" }:
                _makers.Add((op, node.Input(0), null, node.Tensor?.Type ?? (long)OnnxElement.Float));
                break;
            case { Domain: "", Type: "Expand" }:
                _makers.Add((op, node.Input(1), null, (long)OnnxElement.Float));
                break;
            case { Domain: "", Type: "Tile" }:
                _makers.Add((op, node.Input(1), null, (long)OnnxElement.Float));
                break; // of what is no smaller than one element
            case { Domain: "", Type: "RandomNormal" or "RandomUniform" }:
                _makers.Add((op, null, node.Integers, (long)OnnxElement.Float));
                break;
        }
    }

    public void Check()
    {
        foreach ((OnnxOperator op, string? source, long[]? given, long type) in _makers)
        {
            long[]? shape = given ?? (source is not null ? _constants.GetValueOrDefault(source) : null);
            if (shape is not null && OnnxMemory.BytesOf(type, shape.Where(d => d > 0)) is var bytes && bytes > limits.MaxMemoryBytes)
            {
                throw new GraphFaultException(
                    $"{op} of the shape [{string.Join(',', shape)}], {OnnxMemory.Describe(bytes)}",
                    $"at most {limits.MaxMemoryBytes} bytes (MaxMemoryBytes)"
                );
            }
        }
    }
}

/// <summary>What of a node tells the shape of its output, or which tables it looks up.</summary>
internal sealed class NodeShape
{
    private const int MaxInputs = 5;

    private readonly List<string> _inputs = [];

    public string? Output { get; private set; }
    public OnnxTensor? Tensor { get; private set; }
    public long[]? Integers { get; private set; }

    /// <summary>The TensorProto.DataType that a Cast makes.</summary>
    public long? Target { get; private set; }

    public string? Input(int index) => index < _inputs.Count ? _inputs[index] : null;

    public void AddInput(string name)
    {
        if (_inputs.Count < MaxInputs)
        {
            _inputs.Add(name);
        }
    }

    public void AddOutput(string name) => Output ??= name;

    public void AddAttribute(string name, OnnxTensor? tensor, List<long> integers)
    {
        if (name == "value")
        {
            Tensor = tensor;
        }
        else if (name is "value_ints" or "shape" or "axis")
        {
            Integers = [.. integers];
        }
        else if (name == "to")
        {
            Target = integers is [var target] ? target : null;
        }
    }
}
