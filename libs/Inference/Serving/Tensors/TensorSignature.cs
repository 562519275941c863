using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Serverless.Packages.Onnx;

namespace Serverless.Inference.Serving.Tensors;

/// <summary>The tensors that a graph takes and gives, against which requests are checked. Immutable.</summary>
internal sealed class TensorSignature
{
    private readonly string _model;
    private readonly IReadOnlyDictionary<string, long> _tableRows;

    public TensorSignature(string model, OnnxModel graph)
    {
        (_model, _tableRows) = (model, graph.TableRows);
        Inputs = [.. graph.Inputs.Select(i => new TensorPort(i))];
        Outputs = [.. graph.Outputs.Select(o => new TensorPort(o))];
        Batches =
            Inputs.Count > 0
            && Outputs.All(o => o.Type is not null)
            && Inputs.Concat(Outputs).All(p => p.BatchName is not null)
            && Inputs.Concat(Outputs).Select(p => p.BatchName).Distinct().Count() == 1;
    }

    public IReadOnlyList<TensorPort> Inputs { get; }
    public IReadOnlyList<TensorPort> Outputs { get; }

    /// <summary>
    /// Every input and output begins with the same dimension, which the graph calls a batch: only then are rows of different requests run
    /// together.
    /// </summary>
    public bool Batches { get; }

    /// <summary>Rows that inputs of so many elements have at most: dynamic dimensions count as 1.</summary>
    public int MostRows(long elements) =>
        (int)
            Math.Clamp(
                elements / Math.Max(1, Inputs.Sum(i => i.Shape!.Skip(1).Aggregate(1L, (all, d) => all * Math.Max(d, 1)))),
                1,
                int.MaxValue
            );

    /// <summary>The request's tensors in the order of the graph, or why they cannot be taken.</summary>
    /// <exception cref="ServingException">A tensor is missing, unknown, given twice, or of another type, shape or length.</exception>
    public NamedTensor[] Check(IReadOnlyList<NamedTensor> given)
    {
        foreach (NamedTensor tensor in given)
        {
            if (Inputs.All(i => i.Name != tensor.Name))
            {
                throw Invalid($"the input '{tensor.Name}'", $"the inputs {Names(Inputs)}");
            }
        }
        return
        [
            .. Inputs.Select(input =>
            {
                NamedTensor[] found = [.. given.Where(t => t.Name == input.Name)];
                if (found.Length != 1)
                {
                    throw Invalid(
                        found.Length == 0 ? $"no input '{input.Name}'" : $"the input '{input.Name}' {found.Length} times",
                        $"{input}, once"
                    );
                }
                CheckTensor(input, found[0]);
                return found[0];
            }),
        ];
    }

    /// <summary>The indices of the wanted outputs; all that are tensors where the request does not say.</summary>
    public int[] CheckOutputs(IReadOnlyList<string>? wanted)
    {
        int[] tensors = [.. Enumerable.Range(0, Outputs.Count).Where(i => Outputs[i].Type is not null)];
        if (wanted is null || wanted.Count == 0)
        {
            return tensors;
        }
        return
        [
            .. wanted.Select(name =>
                tensors.Where(i => Outputs[i].Name == name) is var found && found.Any()
                    ? found.First()
                    : throw Invalid($"a wish for the output '{name}'", $"the outputs {Names(Outputs.Where(o => o.Type is not null))}")
            ),
        ];
    }

    private void CheckTensor(TensorPort input, NamedTensor tensor)
    {
        if (input.Type is not { } type)
        {
            throw Invalid($"the input '{input.Name}'", $"nothing: it is of a type that cannot be sent");
        }
        if (tensor.Datatype != type.Name)
        {
            throw Invalid($"the input '{input.Name}' with datatype {tensor.Datatype}", $"{input}");
        }
        if (!input.Fits(tensor.Shape))
        {
            throw Invalid($"the input '{input.Name}' with shape [{string.Join(',', tensor.Shape)}]", $"{input}");
        }
        if (TensorPort.Elements(tensor.Shape) is not { } elements)
        {
            throw Invalid($"the input '{input.Name}' with shape [{string.Join(',', tensor.Shape)}]", $"at most {int.MaxValue} elements");
        }
        (long found, long expected, string unit) =
            type.Bytes == 0 ? (tensor.Items.Count, elements, "elements") : (tensor.Data.Length, elements * type.Bytes, "bytes");
        if (found != expected)
        {
            throw Invalid(
                $"the input '{input.Name}' of shape [{string.Join(',', tensor.Shape)}] with {found} {unit}",
                $"{expected} {unit}"
            );
        }
        if (type.Element == OnnxElement.Bool && tensor.Data.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var at)
        {
            throw Invalid($"the input '{input.Name}' with {tensor.Data.Span[at]} as element {at}", "0 or 1 in a BOOL tensor");
        }
        if (_tableRows.TryGetValue(input.Name, out long rows) && elements > 0)
        {
            CheckRows(input, tensor.Data.Span, rows);
        }
    }

    private void CheckRows(TensorPort input, ReadOnlySpan<byte> data, long rows)
    {
        if (input.Type!.Element == OnnxElement.Int64)
        {
            CheckRows(input, MemoryMarshal.Cast<byte, long>(data), rows);
        }
        else if (input.Type.Element == OnnxElement.Int32)
        {
            CheckRows(input, MemoryMarshal.Cast<byte, int>(data), rows);
        }
    }

    /// <summary>Gather counts rows from the end where they are negative.</summary>
    private void CheckRows<T>(TensorPort input, ReadOnlySpan<T> values, long rows)
        where T : IBinaryInteger<T>
    {
        long least = long.CreateChecked(TensorPrimitives.Min(values)),
            most = long.CreateChecked(TensorPrimitives.Max(values));
        if (least < -rows || most >= rows)
        {
            throw Invalid(
                $"the input '{input.Name}' with {(most >= rows ? most : least)}",
                $"{-rows} to {rows - 1}, for a table of {rows} rows"
            );
        }
    }

    private ServingException Invalid(string found, string expected) =>
        new(ServingFault.InvalidInput, $"Model {_model}: found {found}; expected {expected}.");

    private static string Names(IEnumerable<TensorPort> ports) => string.Join(", ", ports.Select(p => $"'{p.Name}'"));
}
