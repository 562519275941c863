namespace Serverless.Packages.Onnx;

/// <summary>
/// Counts the nodes of a graph as ONNX Runtime opens it, with each call of one of the model's functions written out: a few functions that
/// call each other twice make any number of nodes.
/// </summary>
internal sealed class WrittenOutNodes(ModelLimits limits)
{
    /// <summary>Exporters make a function of each module of a network, and those nest some ten deep.</summary>
    private const int MaxDepth = 100;

    private readonly Dictionary<OnnxOperator, Body> _functions = [];
    private readonly Body _graph = new();
    private Body? _function;

    public bool IsInFunction => _function is not null;

    public void Begin() => _function = new Body();

    /// <summary>A function's name comes before or after its nodes. Of two overloads of one name both are counted at each call.</summary>
    public void End(OnnxOperator name)
    {
        if (_functions.TryGetValue(name, out Body? other))
        {
            _function!.Add(other);
        }
        _functions[name] = _function!;
        _function = null;
    }

    public void Add(OnnxOperator op) => (_function ?? _graph).Add(op, 1);

    /// <exception cref="GraphFaultException">There are more than a graph may have.</exception>
    public void Check()
    {
        long nodes = Count(_graph, 0);
        if (nodes > limits.MaxGraphNodes)
        {
            throw new GraphFaultException(
                $"{(nodes == long.MaxValue ? "more nodes than can be counted" : $"{nodes} nodes")} with its functions written out",
                $"at most {limits.MaxGraphNodes} (MaxGraphNodes)"
            );
        }
    }

    private long Count(Body body, int depth)
    {
        if (body.Count is { } known)
        {
            return known;
        }
        if (depth > MaxDepth || body.IsCounting)
        {
            throw new GraphFaultException(
                body.IsCounting ? "a function that calls itself" : $"functions that call each other more than {MaxDepth} deep",
                $"functions that end, at most {MaxDepth} deep"
            );
        }
        body.IsCounting = true;
        Int128 count = 0;
        foreach ((OnnxOperator op, long times) in body.Operators)
        {
            long each = _functions.TryGetValue(op, out Body? function) ? Count(function, depth + 1) : 1;
            count += (Int128)each * times;
        }
        body.IsCounting = false;
        return (body.Count = (long)Int128.Min(count, long.MaxValue)).Value;
    }

    private sealed class Body
    {
        public Dictionary<OnnxOperator, long> Operators { get; } = [];
        public long? Count { get; set; }
        public bool IsCounting { get; set; }

        public void Add(OnnxOperator op, long times) => Operators[op] = Operators.GetValueOrDefault(op) + times;

        public void Add(Body other)
        {
            foreach ((OnnxOperator op, long times) in other.Operators)
            {
                Add(op, times);
            }
        }
    }
}
