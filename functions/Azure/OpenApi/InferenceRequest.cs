using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Functions.Azure.OpenApi;

// The objects of the Open Inference Protocol, which are read and written by spans: these records describe them, and hold nothing.

internal sealed record InferenceRequest(
    string? Id,
    [Description(InferenceTensor.InParameters)] IReadOnlyDictionary<string, object>? Parameters,
    [MinLength(1)] IReadOnlyList<InferenceTensor> Inputs,
    IReadOnlyList<InferenceOutput>? Outputs
);

internal sealed record InferenceResponse(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    string? Id,
    [Description(InferenceTensor.InParameters)] IReadOnlyDictionary<string, object>? Parameters,
    IReadOnlyList<InferenceTensor> Outputs
);

internal sealed record InferenceOutput(
    string Name,
    [Description("binary_data, and classification: the number of classes that are wanted instead of the tensor")]
        IReadOnlyDictionary<string, object>? Parameters
);

internal sealed record InferenceTensor(
    string Name,
    [Description("Each 0 or more")] IReadOnlyList<long> Shape,
    [AllowedValues("BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES")]
        string Datatype,
    [Description(InferenceTensor.InParameters)] IReadOnlyDictionary<string, object>? Parameters,
    [Description("Row by row, flat or nested as the shape; absent where the parameter binary_data_size says that it follows the JSON")]
        IReadOnlyList<object>? Data
)
{
    public const string InParameters = "Strings, numbers and truth values";
}
