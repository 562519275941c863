namespace Serverless.Registry.Onnx;

/// <summary>
/// A small reader of onnx.proto (github.com/onnx/onnx, field numbers as of IR version 11): what a model asks for, found before
/// native code sees it. Throws InvalidDataException saying what is malformed.
/// </summary>
internal sealed class OnnxReader(ModelLimits limits)
{
    private const int MaxNameBytes = 4_096;
    private const int MaxRank = 32;

    private readonly Dictionary<string, long> opsets = [];
    private readonly HashSet<OnnxOperator> operators = [];
    private readonly HashSet<ExternalData> externalData = [];
    private readonly HashSet<(string Domain, string Name)> functions = [];
    private int nodes;

    public static OnnxModel Read(ReadOnlySpan<byte> file, ModelLimits limits) => new OnnxReader(limits).ReadModel(file);

    private OnnxModel ReadModel(ReadOnlySpan<byte> file)
    {
        (List<OnnxValue> Inputs, List<OnnxValue> Outputs)? graph = null;
        for (var model = new ProtoReader(file); model.Next();)
        {
            switch (model.Field)
            {
                case 7 when graph is null: graph = ReadGraph(model.Bytes(), 0); break;
                case 7: throw new InvalidDataException("two graphs");
                case 8: ReadOpset(model.Bytes()); break;
                case 25: ReadFunction(model.Bytes()); break;
                default: model.Skip(); break;
            }
        }
        if (graph is not var (inputs, outputs))
            throw new InvalidDataException("no graph");
        operators.RemoveWhere(o => functions.Contains((o.Domain, o.Type)));
        return new OnnxModel(opsets, operators, externalData, inputs, outputs);
    }

    private (List<OnnxValue> Inputs, List<OnnxValue> Outputs) ReadGraph(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > limits.MaxGraphDepth)
            throw new InvalidDataException($"graphs nested deeper than {limits.MaxGraphDepth}");
        List<OnnxValue> inputs = [], outputs = [];
        HashSet<string> initializers = [];
        for (var graph = new ProtoReader(message); graph.Next();)
        {
            switch (graph.Field)
            {
                case 1: ReadNode(graph.Bytes(), depth); break;
                case 5: initializers.Add(ReadTensor(graph.Bytes())); break;
                case 11: inputs.Add(ReadValue(graph.Bytes())); break;
                case 12: outputs.Add(ReadValue(graph.Bytes())); break;
                case 15: ReadSparseTensor(graph.Bytes()); break;
                default: graph.Skip(); break;
            }
        }
        // Before IR version 4 every initializer was also listed as an input.
        inputs.RemoveAll(i => initializers.Contains(i.Name));
        return (inputs, outputs);
    }

    private void ReadNode(ReadOnlySpan<byte> message, int depth)
    {
        if (++nodes > limits.MaxGraphNodes)
            throw new InvalidDataException($"more than {limits.MaxGraphNodes} nodes");
        string domain = "", type = "";
        for (var node = new ProtoReader(message); node.Next();)
        {
            switch (node.Field)
            {
                case 4: type = node.Text(MaxNameBytes); break;
                case 5: ReadAttribute(node.Bytes(), depth); break;
                case 7: domain = node.Text(MaxNameBytes); break;
                default: node.Skip(); break;
            }
        }
        operators.Add(new OnnxOperator(OnnxOperators.Canonical(domain), type));
    }

    private void ReadAttribute(ReadOnlySpan<byte> message, int depth)
    {
        for (var attribute = new ProtoReader(message); attribute.Next();)
        {
            switch (attribute.Field)
            {
                case 5 or 10: ReadTensor(attribute.Bytes()); break;
                case 6 or 11: ReadGraph(attribute.Bytes(), depth + 1); break;
                case 22 or 23: ReadSparseTensor(attribute.Bytes()); break;
                default: attribute.Skip(); break;
            }
        }
    }

    private void ReadFunction(ReadOnlySpan<byte> message)
    {
        string domain = "", name = "";
        for (var function = new ProtoReader(message); function.Next();)
        {
            switch (function.Field)
            {
                case 1: name = function.Text(MaxNameBytes); break;
                case 7: ReadNode(function.Bytes(), 1); break;
                case 9: ReadOpset(function.Bytes()); break;
                case 10: domain = function.Text(MaxNameBytes); break;
                default: function.Skip(); break;
            }
        }
        functions.Add((OnnxOperators.Canonical(domain), name));
    }

    private void ReadOpset(ReadOnlySpan<byte> message)
    {
        string domain = "";
        long version = 0;
        for (var opset = new ProtoReader(message); opset.Next();)
        {
            switch (opset.Field)
            {
                case 1: domain = opset.Text(MaxNameBytes); break;
                case 2: version = opset.Integer(); break;
                default: opset.Skip(); break;
            }
        }
        opsets[OnnxOperators.Canonical(domain)] = version;
    }

    private void ReadSparseTensor(ReadOnlySpan<byte> message)
    {
        for (var sparse = new ProtoReader(message); sparse.Next();)
        {
            if (sparse.Field is 1 or 2)
                ReadTensor(sparse.Bytes());
            else
                sparse.Skip();
        }
    }

    /// <summary>Returns the tensor's name; its values are skipped, its external data noted.</summary>
    private string ReadTensor(ReadOnlySpan<byte> message)
    {
        string name = "";
        var external = new Dictionary<string, string>();
        for (var tensor = new ProtoReader(message); tensor.Next();)
        {
            switch (tensor.Field)
            {
                case 8: name = tensor.Text(MaxNameBytes); break;
                case 13: ReadEntry(tensor.Bytes(), external); break;
                default: tensor.Skip(); break;
            }
        }
        if (external.Count > 0)
            externalData.Add(new ExternalData(external.GetValueOrDefault("location", ""), Number(external, "offset"), Number(external, "length")));
        return name;
    }

    private static long Number(Dictionary<string, string> entries, string key) =>
        !entries.TryGetValue(key, out string? text) ? 0
        : long.TryParse(text, out long value) && value >= 0 ? value
        : throw new InvalidDataException($"external data with {key} '{text}'");

    private static void ReadEntry(ReadOnlySpan<byte> message, Dictionary<string, string> entries)
    {
        string key = "", value = "";
        for (var entry = new ProtoReader(message); entry.Next();)
        {
            switch (entry.Field)
            {
                case 1: key = entry.Text(MaxNameBytes); break;
                case 2: value = entry.Text(MaxNameBytes); break;
                default: entry.Skip(); break;
            }
        }
        if (!entries.TryAdd(key, value))
            throw new InvalidDataException($"external data with two values of '{key}'");
    }

    private static OnnxValue ReadValue(ReadOnlySpan<byte> message)
    {
        var result = new OnnxValue("", OnnxElement.NotATensor, null);
        for (var value = new ProtoReader(message); value.Next();)
        {
            switch (value.Field)
            {
                case 1: result = result with { Name = value.Text(MaxNameBytes) }; break;
                case 2: result = ReadType(value.Bytes(), result); break;
                default: value.Skip(); break;
            }
        }
        return result;
    }

    private static OnnxValue ReadType(ReadOnlySpan<byte> message, OnnxValue value)
    {
        for (var type = new ProtoReader(message); type.Next();)
        {
            if (type.Field != 1)
            {
                type.Skip();
                continue;
            }
            for (var tensor = new ProtoReader(type.Bytes()); tensor.Next();)
            {
                switch (tensor.Field)
                {
                    case 1: value = value with { Element = (OnnxElement)tensor.Integer() }; break;
                    case 2: value = value with { Shape = ReadShape(tensor.Bytes()) }; break;
                    default: tensor.Skip(); break;
                }
            }
        }
        return value;
    }

    private static long[] ReadShape(ReadOnlySpan<byte> message)
    {
        var dimensions = new List<long>();
        for (var shape = new ProtoReader(message); shape.Next();)
        {
            if (shape.Field != 1)
            {
                shape.Skip();
                continue;
            }
            long size = -1;
            for (var dimension = new ProtoReader(shape.Bytes()); dimension.Next();)
            {
                if (dimension.Field == 1)
                    size = dimension.Integer();
                else
                    dimension.Skip();
            }
            if (dimensions.Count == MaxRank)
                throw new InvalidDataException($"a tensor of more than {MaxRank} dimensions");
            dimensions.Add(size > 0 ? size : -1);
        }
        return [.. dimensions];
    }
}
