using System.Text.Json.Serialization;
using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>
/// Of the message ModelConfig (triton-inference-server/common, protobuf/model_config.proto) what holds of a model here; numbers are the
/// server's own options.
/// </summary>
/// <param name="MaxBatchSize">The most rows of one request; 0 where requests are run one by one, and dims are whole shapes.</param>
internal sealed record ModelConfiguration(
    string Name,
    string Platform,
    string Backend,
    [property: JsonPropertyName("max_batch_size")] int MaxBatchSize,
    IReadOnlyList<TensorConfiguration> Input,
    IReadOnlyList<TensorConfiguration> Output,
    [property: JsonPropertyName("dynamic_batching")] DynamicBatching? DynamicBatching
)
{
    public static ModelConfiguration Of(ServedModel model)
    {
        RowBatching? batching = model.Batching;
        return new ModelConfiguration(
            model.Version.Name,
            "onnxruntime_onnx",
            "onnxruntime",
            batching?.MaxRows ?? 0,
            [.. model.Inputs.Select(tensor => TensorConfiguration.Of(tensor, batching is not null))],
            [.. model.Outputs.Select(tensor => TensorConfiguration.Of(tensor, batching is not null))],
            batching is { MaxRequests: > 1 } ? new DynamicBatching((long)batching.MaxDelay.TotalMicroseconds) : null
        );
    }
}

/// <param name="DataType">TYPE_ and the datatype; BYTES is TYPE_STRING.</param>
/// <param name="Dims">Without the first one where that is the batch.</param>
internal sealed record TensorConfiguration(string Name, [property: JsonPropertyName("data_type")] string DataType, IReadOnlyList<long> Dims)
{
    /// <summary>A tensor of undeclared rank is shown with one dynamic dimension: there is no word for it.</summary>
    public static TensorConfiguration Of(TensorSpec tensor, bool isBatched) =>
        new(
            tensor.Name,
            tensor.Datatype == "BYTES" ? "TYPE_STRING" : $"TYPE_{tensor.Datatype}",
            [.. (tensor.Shape ?? [-1]).Skip(isBatched ? 1 : 0)]
        );
}

/// <param name="MaxQueueDelay">How long a request waits for company while the model is at work; an idle one never waits.</param>
internal sealed record DynamicBatching([property: JsonPropertyName("max_queue_delay_microseconds")] long MaxQueueDelay);
