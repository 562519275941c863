using System.ComponentModel.DataAnnotations;

namespace Serverless.Drift.Checks;

/// <summary>From when on a difference is called a shift, and when it alarms.</summary>
public sealed record DriftLimits
{
    /// <summary>Answered predictions that a slice must have in both windows; below it says "not enough data". Default 100.</summary>
    [Range(20, 1_000_000)]
    public int MinPredictions { get; init; } = 100;

    /// <summary>
    /// Of the shifts that one report names, the share that may be chance, 0.05 by default (Benjamini and Hochberg's false discovery rate).
    /// </summary>
    [Range(1e-6, 0.5)]
    public double FalseDiscoveryRate { get; init; } = 0.05;

    /// <summary>
    /// The chance that, where nothing shifts, any feature alarms within the horizon; 0.05 by default. With 90 looks, false alarms
    /// of a model are at least 900 looks apart on average: two and a half years of daily ones.
    /// </summary>
    [Range(1e-6, 0.5)]
    public double FalseAlarmRate { get; init; } = 0.05;

    /// <summary>In looks, 90 by default: a quarter of daily ones.</summary>
    [Range(1, 100_000)]
    public int Horizon { get; init; } = 90;

    /// <summary>
    /// Of numbers, the least distance between the shares that lie up to some number (Kolmogorov–Smirnov's), 0 to 1; 0.1 by default. A
    /// smaller one is no shift, however sure it is.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MinNumberEffect { get; init; } = 0.1;

    /// <summary>Of categories and of missing values, the least Cramér's V, 0 to 1; 0.1 by default, which Cohen 1988 calls small.</summary>
    [Range(0.0, 1.0)]
    public double MinCategoryEffect { get; init; } = 0.1;

    /// <summary>Of vectors, the least distance between both windows' values of a function that tells them apart; 0.2 by default.</summary>
    [Range(0.0, 1.0)]
    public double MinVectorEffect { get; init; } = 0.2;
}
