namespace Serverless.Packages.Onnx;

/// <summary>
/// Finds the tables that a graph looks its inputs' values up in, by Gather along the first axis: a value that is no row of them fails
/// when the model runs. Tables that are computed are not seen.
/// </summary>
internal sealed class TableLookups
{
    private readonly Dictionary<string, long> _tables = [];
    private readonly Dictionary<string, string> _originals = [];
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
            case { Domain: "", Type: "Cast" or "Identity" } when (node.Input(0), node.Output) is ({ } from, { } to):
                _originals.TryAdd(to, OriginalOf(from));
                break;
            case { Domain: "", Type: "Gather" }
                when node.Integers is null or [0] && (node.Input(0), node.Input(1)) is ({ } table, { } values):
                _lookups.Add((OriginalOf(table), OriginalOf(values)));
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

    private string OriginalOf(string name) => _originals.GetValueOrDefault(name, name);
}
