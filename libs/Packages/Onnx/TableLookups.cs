namespace Serverless.Packages.Onnx;

/// <summary>
/// Finds the tables that a graph looks its inputs' values up in, by Gather along the first axis or by an operator of ONNX Runtime that
/// does so inside: a value that is no row of them fails when the model runs. Also in branches of the graph; not in its functions, whose
/// names are their own, and not where the rows of a table are computed.
/// </summary>
internal sealed class TableLookups
{
    /// <summary>The domain of ONNX Runtime's own operators (docs/ContribOperators.md of microsoft/onnxruntime).</summary>
    private const string Runtime = "com.microsoft";

    private readonly Dictionary<string, long> _tables = [];

    /// <summary>From a tensor to the one of which it has the rows, and to the one of which it has the values in whatever shape.</summary>
    private readonly Dictionary<string, string> _rowsOf = [],
        _valuesOf = [];
    private readonly List<(string Table, string Values)> _lookups = [];

    public void AddTable(OnnxTensor tensor)
    {
        if (tensor.Rows is { } rows)
        {
            _tables.TryAdd(tensor.Name, rows);
        }
    }

    /// <summary>In the order of the graph, in which a tensor is made before it is used.</summary>
    public void Add(OnnxOperator op, NodeShape node)
    {
        switch (op)
        {
            case { Domain: "", Type: "Constant" } when (node.Tensor, node.Output) is ({ Rows: { } rows }, { } name):
                _tables.TryAdd(name, rows);
                break;
            case { Domain: "", Type: "Cast" or "Identity" }:
                Follow(_rowsOf, node);
                Follow(_valuesOf, node);
                break;
            case { Domain: "", Type: "DequantizeLinear" }:
                Follow(_rowsOf, node);
                break;
            case { Domain: "", Type: "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Transpose" or "Expand" }:
                Follow(_valuesOf, node);
                break;
            case { Domain: "" or Runtime, Type: "Gather" or "GatherBlockQuantized" } when node.Integers is null or [0]:
                AddLookup(node.Input(0), node.Input(1));
                break;
            case { Domain: Runtime, Type: "EmbedLayerNormalization" }: // ids, segments, tables of words, positions and segments
                AddLookup(node.Input(2), node.Input(0));
                AddLookup(node.Input(4), node.Input(1));
                break;
        }
    }

    /// <summary>For each input that is looked up, the rows of the smallest table.</summary>
    public IReadOnlyDictionary<string, long> RowsFor(IEnumerable<OnnxValue> inputs) =>
        _lookups
            .Where(l => _tables.ContainsKey(l.Table))
            .GroupBy(l => l.Values, l => _tables[l.Table])
            .Where(g => inputs.Any(i => i.Name == g.Key))
            .ToDictionary(g => g.Key, g => g.Min());

    private static void Follow(Dictionary<string, string> origins, NodeShape node)
    {
        if ((node.Input(0), node.Output) is ({ } from, { } to))
        {
            origins.TryAdd(to, origins.GetValueOrDefault(from, from));
        }
    }

    private void AddLookup(string? table, string? values)
    {
        if (table is not null && values is not null)
        {
            _lookups.Add((_rowsOf.GetValueOrDefault(table, table), _valuesOf.GetValueOrDefault(values, values)));
        }
    }
}
