using Serverless.Packages;
using Serverless.Packages.Onnx;

namespace Serverless.Inference.Text;

/// <summary>The token inputs of a graph, in the order of the graph, and the output that answers the task.</summary>
internal sealed record TextSignature(IReadOnlyList<TextInput> Inputs, int? FixedBatch, int? FixedLength, OnnxValue Output)
{
    public static TextSignature Of(ModelGraph graph, ModelLimits limits, ReadOnlySpan<string> outputNames)
    {
        TextInput[] inputs = [.. graph.Model.Inputs.Select(i => ReadInput(graph, i))];
        if (inputs.Count(i => i.Role == TextInputRole.Ids) != 1)
        {
            throw graph.Mismatch($"the inputs {string.Join(", ", graph.Model.Inputs)}", "one input_ids");
        }
        return new TextSignature(inputs, Fixed(graph, 0, limits.MaxBatch), Fixed(graph, 1, limits.MaxTokens), graph.Output(outputNames));
    }

    private static TextInput ReadInput(ModelGraph graph, OnnxValue input)
    {
        if (input.Element is not (OnnxElement.Int64 or OnnxElement.Int32) || input.Rank != 2)
        {
            throw graph.Mismatch($"the input {input}", "Int64 or Int32 with 2 dimensions, batch and length");
        }
        // TensorFlow's exporters add ":0"; the BERT release called them input_mask and segment_ids.
        TextInputRole role = input.Name.Split(':')[0] switch
        {
            "input_ids" => TextInputRole.Ids,
            "attention_mask" or "input_mask" => TextInputRole.Mask,
            "token_type_ids" or "segment_ids" => TextInputRole.Types,
            _ when graph.Model.Inputs.Count == 1 => TextInputRole.Ids,
            _ => throw graph.Mismatch($"the input {input}", "input_ids, attention_mask or token_type_ids"),
        };
        return new TextInput(input.Name, role, input.Element == OnnxElement.Int32);
    }

    private static int? Fixed(ModelGraph graph, int dimension, int most)
    {
        int?[] sizes = [.. graph.Model.Inputs.Select(i => graph.FixedSize(i, dimension, most)).Where(s => s is not null).Distinct()];
        return sizes.Length <= 1
            ? sizes.FirstOrDefault()
            : throw graph.Mismatch($"the inputs {string.Join(", ", graph.Model.Inputs)}", "inputs of one shape");
    }
}

internal readonly record struct TextInput(string Name, TextInputRole Role, bool Narrow);

internal enum TextInputRole
{
    Ids,
    Mask,
    Types,
}
