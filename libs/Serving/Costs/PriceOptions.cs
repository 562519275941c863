using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Costs;

/// <summary>What processors cost where this process runs; nothing is assumed where nothing is set.</summary>
public sealed class PriceOptions
{
    private const double SecondsPerHour = 3_600;

    /// <summary>
    /// One processor for an hour; 0, the default, stands for "not configured". At 0.05 a version that keeps a processor busy for 30 ms a
    /// prediction costs 0.0004 per 1,000 of them.
    /// </summary>
    [Range(0, 1_000.0)]
    public double PerProcessorHour { get; set; }

    /// <summary>One GPU for an hour; 0, the default, stands for "not configured".</summary>
    [Range(0, 1_000.0)]
    public double PerGpuHour { get; set; }

    /// <summary>In what the prices are, by ISO 4217; EUR by default.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "EUR";

    /// <summary>Null where a price that it needs is not configured.</summary>
    public double? CostOf(double processorSeconds, double gpuSeconds) =>
        PerProcessorHour > 0 && (PerGpuHour > 0 || gpuSeconds == 0)
            ? (processorSeconds / SecondsPerHour * PerProcessorHour) + (gpuSeconds / SecondsPerHour * PerGpuHour)
            : null;
}
