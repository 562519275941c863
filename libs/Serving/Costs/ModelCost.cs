namespace Serverless.Serving.Costs;

/// <summary>What one model version has cost in this process.</summary>
/// <param name="Predictions">What went through it: texts or parts of long ones, pictures, rows; one of each load is its trial.</param>
/// <param name="Cost">Null where a price that it needs is not configured.</param>
/// <param name="CostPerThousand">Of a thousand predictions; null without a cost.</param>
public sealed record ModelCost(
    string Model,
    string Version,
    long Predictions,
    double ProcessorSeconds,
    double GpuSeconds,
    double? Cost,
    double? CostPerThousand
);
