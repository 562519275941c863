using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Serving.OpenInference;

/// <summary>An inference request, read and checked as far as that needs no model.</summary>
/// <param name="Outputs">What is asked for, in this order; null for everything.</param>
/// <param name="BinaryOutputs">Whether outputs are sent as binary data where they don't say otherwise.</param>
public sealed record InferRequest(
    string? Id,
    IReadOnlyDictionary<string, object> Parameters,
    IReadOnlyList<NamedTensor> Inputs,
    IReadOnlyList<RequestedOutput>? Outputs,
    bool BinaryOutputs
)
{
    public bool IsBinary(string output) => Find(output)?.Binary ?? BinaryOutputs;

    /// <summary>How many classes are asked for instead of the output itself.</summary>
    public int? ClassesOf(string output) => Find(output)?.Classes;

    private RequestedOutput? Find(string output) => Outputs?.FirstOrDefault(asked => asked.Name == output);
}

/// <summary>An inference response.</summary>
/// <param name="Parameters">Strings, numbers and truth values, as the protocol allows.</param>
public sealed record InferResponse(
    string ModelName,
    string ModelVersion,
    string? Id,
    IReadOnlyDictionary<string, object> Parameters,
    IReadOnlyList<NamedTensor> Outputs
);
