namespace Serverless.Packages.Onnx;

/// <summary>
/// A small reader of onnx.proto (github.com/onnx/onnx, field numbers as of IR version 11): what a model asks for, found before
/// native code sees it. Throws InvalidDataException saying what is malformed, GraphFaultException saying what is not allowed.
/// </summary>
internal sealed class OnnxReader(ModelLimits limits)
{
    internal const int MaxNameBytes = 4_096;

    /// <summary>Tensors, values and the like for each node that a graph may have; exporters write about two.</summary>
    private const int EntriesPerNode = 8;

    private readonly Dictionary<string, long> _opsets = [];
    private readonly TensorReader _tensors = new(limits);
    private readonly ConstantShapes _shapes = new(limits);
    private readonly TableLookups _lookups = new();
    private int _nodes;
    private long _entries;
    private bool _hasStrings;
    private readonly WrittenOutNodes _written = new(limits);

    public static OnnxModel Read(ReadOnlySpan<byte> file, ModelLimits limits) => new OnnxReader(limits).ReadModel(file);

    private OnnxModel ReadModel(ReadOnlySpan<byte> file)
    {
        (List<OnnxValue> Inputs, List<OnnxValue> Outputs)? graph = null;
        long ir = 0;
        for (var model = new ProtoReader(file); model.Next(); )
        {
            switch (model.Field)
            {
                case 1:
                    ir = model.Integer();
                    break;
                case 7 when graph is null:
                    graph = ReadGraph(model.Bytes(), 0);
                    break;
                case 7:
                    throw new InvalidDataException("two graphs");
                case 8:
                    ReadOpset(model.Bytes());
                    break;
                case 25:
                    ReadFunction(model.Bytes());
                    break;
                default:
                    model.Skip();
                    break;
            }
        }
        if (graph is not var (inputs, outputs))
        {
            throw new InvalidDataException("no graph");
        }
        _shapes.Check();
        _written.Check();
        return new OnnxModel(_opsets, _tensors.External, inputs, outputs)
        {
            IrVersion = ir,
            WeightBytes = _tensors.WeightBytes,
            HasStrings = _hasStrings || _tensors.HasStrings,
            TableRows = _lookups.RowsFor(inputs),
        };
    }

    private (List<OnnxValue> Inputs, List<OnnxValue> Outputs) ReadGraph(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > limits.MaxGraphDepth)
        {
            throw new InvalidDataException($"graphs nested deeper than {limits.MaxGraphDepth}");
        }
        List<OnnxValue> inputs = [],
            outputs = [];
        HashSet<string> initializers = [];
        for (var graph = new ProtoReader(message); graph.Next(); )
        {
            switch (graph.Field)
            {
                case 1:
                    ReadNode(graph.Bytes(), depth);
                    break;
                case 5:
                    initializers.Add(ReadInitializer(graph.Bytes()));
                    break;
                case 11:
                    inputs.Add(ReadValue(graph.Bytes()));
                    break;
                case 12:
                    outputs.Add(ReadValue(graph.Bytes()));
                    break;
                case 13:
                    ReadValue(graph.Bytes());
                    break;
                case 15:
                    ReadSparseTensor(graph.Bytes());
                    break;
                default:
                    graph.Skip();
                    break;
            }
        }
        // Before IR version 4 every initializer was also listed as an input.
        inputs.RemoveAll(i => initializers.Contains(i.Name));
        return (inputs, outputs);
    }

    private void ReadNode(ReadOnlySpan<byte> message, int depth)
    {
        if (++_nodes > limits.MaxGraphNodes)
        {
            throw new InvalidDataException($"more than {limits.MaxGraphNodes} nodes");
        }
        string domain = "",
            type = "";
        var known = new NodeShape();
        for (var node = new ProtoReader(message); node.Next(); )
        {
            switch (node.Field)
            {
                case 1:
                    known.AddInput(node.Text(MaxNameBytes));
                    break;
                case 2:
                    known.AddOutput(node.Text(MaxNameBytes));
                    break;
                case 4:
                    type = node.Text(MaxNameBytes);
                    break;
                case 5:
                    ReadAttribute(node.Bytes(), depth, known);
                    break;
                case 7:
                    domain = node.Text(MaxNameBytes);
                    break;
                default:
                    node.Skip();
                    break;
            }
        }
        OnnxOperator op = new(Canonical(domain), type);
        _hasStrings |= type == "Cast" && known.Target == (long)OnnxElement.String;
        _shapes.Add(op, known);
        _written.Add(op);
        if (!_written.IsInFunction)
        {
            _lookups.Add(op, known);
        }
    }

    private void ReadAttribute(ReadOnlySpan<byte> message, int depth, NodeShape known)
    {
        Count();
        string name = "";
        OnnxTensor? tensor = null;
        var integers = new List<long>();
        bool hasNaN = false;
        for (var attribute = new ProtoReader(message); attribute.Next(); )
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.Text(MaxNameBytes);
                    break;
                case 2 or 7:
                    hasNaN |= WeightScan.HasNaN(attribute.Singles());
                    break;
                case 5 or 10:
                    tensor = _tensors.Read(attribute.Bytes(), isWeight: false);
                    break;
                case 6 or 11:
                    ReadGraph(attribute.Bytes(), depth + 1);
                    break;
                case 3 or 8:
                    attribute.Integers(integers, TensorReader.MaxRank);
                    break;
                case 22 or 23:
                    ReadSparseTensor(attribute.Bytes());
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }
        // Those of Constant are weights; others may name what stands for a missing value.
        if (hasNaN && name is "value_float" or "value_floats")
        {
            throw new GraphFaultException($"the constant {name} with NaN", "numbers");
        }
        // value_strings, keys_strings, classlabels_strings, default_string …: what makes strings of numbers names them so.
        _hasStrings |= name.Contains("string", StringComparison.Ordinal);
        known.AddAttribute(name, tensor, integers);
    }

    private void ReadFunction(ReadOnlySpan<byte> message)
    {
        Count();
        string domain = "",
            name = "";
        _written.Begin();
        for (var function = new ProtoReader(message); function.Next(); )
        {
            switch (function.Field)
            {
                case 1:
                    name = function.Text(MaxNameBytes);
                    break;
                case 7:
                    ReadNode(function.Bytes(), 1);
                    break;
                case 10:
                    domain = function.Text(MaxNameBytes);
                    break;
                default:
                    function.Skip();
                    break;
            }
        }
        _written.End(new OnnxOperator(Canonical(domain), name));
    }

    private void ReadOpset(ReadOnlySpan<byte> message)
    {
        Count();
        string domain = "";
        long version = 0;
        for (var opset = new ProtoReader(message); opset.Next(); )
        {
            switch (opset.Field)
            {
                case 1:
                    domain = opset.Text(MaxNameBytes);
                    break;
                case 2:
                    version = opset.Integer();
                    break;
                default:
                    opset.Skip();
                    break;
            }
        }
        domain = Canonical(domain);
        _opsets[domain] = Math.Max(version, _opsets.GetValueOrDefault(domain, long.MinValue));
    }

    /// <summary>"ai.onnx" is the long name of the default domain.</summary>
    private static string Canonical(string domain) => domain == "ai.onnx" ? "" : domain;

    private string ReadInitializer(ReadOnlySpan<byte> message)
    {
        Count();
        OnnxTensor tensor = _tensors.Read(message, isWeight: true);
        _shapes.AddConstant(tensor.Name, tensor.Integers);
        _lookups.AddTable(tensor);
        return tensor.Name;
    }

    private void ReadSparseTensor(ReadOnlySpan<byte> message)
    {
        Count();
        _tensors.ReadSparse(message);
    }

    private OnnxValue ReadValue(ReadOnlySpan<byte> message)
    {
        Count();
        OnnxValue value = ValueReader.Read(message);
        _hasStrings |= value.Element == OnnxElement.String;
        if (
            value.Shape is { } shape
            && OnnxMemory.BytesOf((long)value.Element, shape.Where(d => d > 0)) is var bytes
            && bytes > limits.MaxMemoryBytes
        )
        {
            throw new GraphFaultException(
                $"the tensor {value} of {OnnxMemory.Describe(bytes)}",
                $"at most {limits.MaxMemoryBytes} bytes (MaxMemoryBytes)"
            );
        }
        return value;
    }

    private void Count()
    {
        if (++_entries > (long)EntriesPerNode * limits.MaxGraphNodes)
        {
            throw new InvalidDataException($"more than {(long)EntriesPerNode * limits.MaxGraphNodes} tensors, values and attributes");
        }
    }
}
