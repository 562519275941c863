using System.Globalization;
using System.Text.Json.Serialization;
using Serverless.Inference.Serving;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>Of the models in this process's memory; each instance of the app answers for itself.</summary>
internal sealed record StatisticsAnswer([property: JsonPropertyName("model_stats")] IReadOnlyList<ModelStatisticsAnswer> Models);

/// <param name="LastInference">In milliseconds since 1970; 0 before the first.</param>
internal sealed record ModelStatisticsAnswer(
    string Name,
    string Version,
    [property: JsonPropertyName("last_inference")] long LastInference,
    [property: JsonPropertyName("inference_count")] long InferenceCount,
    [property: JsonPropertyName("execution_count")] long ExecutionCount,
    [property: JsonPropertyName("inference_stats")] RequestStatistics Requests,
    [property: JsonPropertyName("batch_stats")] IReadOnlyList<BatchStatistics> Batches
)
{
    public static ModelStatisticsAnswer Of(ModelStatistics model) =>
        new(
            model.Version.Name,
            model.Version.Version.ToString(CultureInfo.InvariantCulture),
            model.LastInference?.ToUnixTimeMilliseconds() ?? 0,
            model.Inferences,
            model.Executions,
            RequestStatistics.Of(model),
            [.. model.Runs.Select(BatchStatistics.Of)]
        );
}

internal sealed record RequestStatistics(
    DurationStatistic Success,
    DurationStatistic Fail,
    DurationStatistic Queue,
    [property: JsonPropertyName("compute_input")] DurationStatistic Input,
    [property: JsonPropertyName("compute_infer")] DurationStatistic Infer,
    [property: JsonPropertyName("compute_output")] DurationStatistic Output
)
{
    public static RequestStatistics Of(ModelStatistics model) =>
        new(
            DurationStatistic.Of(model.Success),
            DurationStatistic.Of(model.Fail),
            DurationStatistic.Of(model.Queue),
            DurationStatistic.Of(model.Input),
            DurationStatistic.Of(model.Infer),
            DurationStatistic.Of(model.Output)
        );
}

/// <param name="Size">Exact to 64; larger batches are counted under the next power of two.</param>
internal sealed record BatchStatistics(
    [property: JsonPropertyName("batch_size")] long Size,
    [property: JsonPropertyName("compute_input")] DurationStatistic Input,
    [property: JsonPropertyName("compute_infer")] DurationStatistic Infer,
    [property: JsonPropertyName("compute_output")] DurationStatistic Output
)
{
    public static BatchStatistics Of(RunStatistics run) =>
        new(run.Rows, DurationStatistic.Of(run.Input), DurationStatistic.Of(run.Infer), DurationStatistic.Of(run.Output));
}

internal sealed record DurationStatistic(long Count, [property: JsonPropertyName("ns")] long Nanoseconds)
{
    public static DurationStatistic Of(TimeSum sum) => new(sum.Count, sum.Time.Ticks * TimeSpan.NanosecondsPerTick);
}
