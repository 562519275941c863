using System.ComponentModel.DataAnnotations;

namespace Serverless.Validation;

/// <summary>What is asked of every version, whatever its task.</summary>
public sealed class GateOptions
{
    /// <summary>
    /// Whether an environment refuses a version for which there is no golden set; default: every environment but dev. One that does not
    /// judges it by the other gates alone.
    /// </summary>
    public IDictionary<string, bool> RequireGolden { get; set; } =
        new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { ["dev"] = false };

    /// <summary>
    /// Fewest items of a golden set; default 20. Fewer say little: after 20 right answers of 20 the true rate may still be 0.86 (Clopper
    /// and Pearson 1934, one-sided, 95 %).
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MinItems { get; set; } = 20;

    /// <summary>Fewest items of a slice that is judged; default 20. Smaller ones are shown.</summary>
    [Range(1, int.MaxValue)]
    public int MinSliceItems { get; set; } = 20;

    /// <summary>Share of a watermark's answers that must be there, where the watermark itself says none; default 0.95.</summary>
    [Range(0.01, 1.0)]
    public double WatermarkShare { get; set; } = 0.95;

    /// <summary>Confidence of all intervals; default 0.95.</summary>
    [Range(0.5, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Confidence { get; set; } = 0.95;

    /// <summary>Chance that any slice of an equally good version is called worse; default 0.05 for all slices together.</summary>
    [Range(0.0, 0.5, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double SliceFalseAlarmRate { get; set; } = 0.05;

    /// <summary>Resamples of the bootstrap; default 2,000.</summary>
    [Range(100, 100_000)]
    public int Replicates { get; set; } = 2_000;

    /// <summary>Most of a single answer's p95 on the host that validates; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxLatency { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most of the median, and of p90, over that of what serves; default 1.5.</summary>
    [Range(1, double.MaxValue)]
    public double MaxLatencyRatio { get; set; } = 1.5;

    /// <summary>
    /// A median that is slower by no more is not called slower, whatever the ratio; default 10 ms. Of p90, which other work on the host
    /// disturbs, it is five times as much.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LatencySlack { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most of the peak of resident memory over that of what serves; default 1.5.</summary>
    [Range(1, double.MaxValue)]
    public double MaxMemoryRatio { get; set; } = 1.5;

    /// <summary>A peak that is higher by no more is not called higher; default 128 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long MemorySlackBytes { get; set; } = 128L << 20;

    internal bool RequiresGolden(string environment) => !RequireGolden.TryGetValue(environment, out bool required) || required;
}
