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
    public int MinItems { get; set; } = 20;

    /// <summary>Fewest items of a slice that is judged; default 20. Smaller ones are shown.</summary>
    public int MinSliceItems { get; set; } = 20;

    /// <summary>Confidence of all intervals; default 0.95.</summary>
    public double Confidence { get; set; } = 0.95;

    /// <summary>Chance that any slice of an equally good version is called worse; default 0.05 for all slices together.</summary>
    public double SliceFalseAlarmRate { get; set; } = 0.05;

    /// <summary>Resamples of the bootstrap; default 2,000.</summary>
    public int Replicates { get; set; } = 2_000;

    /// <summary>Most of a single answer's p95 on the host that validates; default 2 s.</summary>
    public TimeSpan MaxLatency { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most of the median, and of p90, over that of what serves; default 1.5.</summary>
    public double MaxLatencyRatio { get; set; } = 1.5;

    /// <summary>
    /// A median that is slower by no more is not called slower, whatever the ratio; default 10 ms. Of p90, which other work on the host
    /// disturbs, it is five times as much.
    /// </summary>
    public TimeSpan LatencySlack { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most of the peak of resident memory over that of what serves; default 1.5.</summary>
    public double MaxMemoryRatio { get; set; } = 1.5;

    /// <summary>A peak that is higher by no more is not called higher; default 128 MiB.</summary>
    public long MemorySlackBytes { get; set; } = 128L << 20;

    internal bool RequiresGolden(string environment) => !RequireGolden.TryGetValue(environment, out bool required) || required;

    internal IEnumerable<string> Validate()
    {
        if (MinItems < 1)
        {
            yield return $"Validation:Gates:MinItems is {MinItems}; allowed is 1 or more.";
        }
        if (MinSliceItems < 1)
        {
            yield return $"Validation:Gates:MinSliceItems is {MinSliceItems}; allowed is 1 or more.";
        }
        if (!(Confidence is > 0.5 and < 1))
        {
            yield return $"Validation:Gates:Confidence is {Confidence}; allowed is above 0.5 and below 1.";
        }
        if (!(SliceFalseAlarmRate is > 0 and < 0.5))
        {
            yield return $"Validation:Gates:SliceFalseAlarmRate is {SliceFalseAlarmRate}; allowed is above 0 and below 0.5.";
        }
        if (Replicates is < 100 or > 100_000)
        {
            yield return $"Validation:Gates:Replicates is {Replicates}; allowed are 100 to 100,000.";
        }
        if (MaxLatency <= TimeSpan.Zero)
        {
            yield return $"Validation:Gates:MaxLatency is {MaxLatency}; allowed is above zero.";
        }
        if (!(MaxLatencyRatio >= 1))
        {
            yield return $"Validation:Gates:MaxLatencyRatio is {MaxLatencyRatio}; allowed is 1 or more.";
        }
        if (LatencySlack < TimeSpan.Zero)
        {
            yield return $"Validation:Gates:LatencySlack is {LatencySlack}; allowed is zero or more.";
        }
        if (!(MaxMemoryRatio >= 1))
        {
            yield return $"Validation:Gates:MaxMemoryRatio is {MaxMemoryRatio}; allowed is 1 or more.";
        }
        if (MemorySlackBytes < 0)
        {
            yield return $"Validation:Gates:MemorySlackBytes is {MemorySlackBytes}; allowed is zero or more.";
        }
    }
}
