namespace Serverless.Validation;

/// <summary>What is configured of a metric.</summary>
public sealed class MetricLimits
{
    /// <summary>The lower end of the metric's interval must reach it.</summary>
    public double? Threshold { get; set; }

    /// <summary>A loss against what serves must be shown to be smaller.</summary>
    public double? Margin { get; set; }

    /// <summary>A slice that loses more, and not by chance, stops the version.</summary>
    public double? SliceMargin { get; set; }
}

/// <summary>
/// What holds for a metric. The default thresholds only keep out what does not work at all: what is good enough is for the owner of a
/// model to say. The default margins are the losses that an owner would notice.
/// </summary>
public sealed record MetricBounds(double Threshold, double Margin, double SliceMargin)
{
    internal static IReadOnlyDictionary<string, MetricBounds> Defaults { get; } =
        new Dictionary<string, MetricBounds>(StringComparer.OrdinalIgnoreCase)
        {
            ["accuracy"] = new(0.5, 0.02, 0.03),
            ["macroF1"] = new(0, 0.05, 0.05),
            ["spanF1"] = new(0.3, 0.02, 0.04),
            ["ndcg"] = new(0.3, 0.02, 0.04),
            ["cosine"] = new(0.9, 0.01, 0.02),
            ["map"] = new(0.2, 0.02, 0.04),
        };
}
