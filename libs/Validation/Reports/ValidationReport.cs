using Serverless.Packages;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Intervals;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Reports;

/// <summary>One thing that was asked of a version.</summary>
/// <param name="Sentence">What a person reads.</param>
public sealed record Gate(string Name, bool Passed, string Found, string Wanted, string Sentence);

/// <summary>All that a validation found; written beside the version it is of, as report.json and report.html.</summary>
public sealed record ValidationReport
{
    public required string Id { get; init; }
    public required string Model { get; init; }
    public required int Version { get; init; }
    public string? Digest { get; init; }
    public ModelTask? Task { get; init; }
    public required string Environment { get; init; }

    /// <summary>The version that the environment serves, to which this one was compared; null where there is none other.</summary>
    public int? Serving { get; init; }

    public required DateTimeOffset At { get; init; }
    public required bool Passed { get; init; }
    public required IReadOnlyList<Gate> Gates { get; init; }
    public GoldenUse? Golden { get; init; }
    public HostFacts? Host { get; init; }
    public IReadOnlyList<MetricFinding> Metrics { get; init; } = [];

    /// <summary>By the first metric.</summary>
    public IReadOnlyList<SliceFinding> Slices { get; init; } = [];
    public IReadOnlyList<ProbeFinding> Probes { get; init; } = [];

    /// <summary>The candidate first, then what serves.</summary>
    public IReadOnlyList<SideFinding> Sides { get; init; } = [];

    /// <summary>Items that the candidate answers worse than what serves; at most 20.</summary>
    public IReadOnlyList<WorseItem> Worse { get; init; } = [];
}

public sealed record GoldenUse(string Scope, string Digest, int Items);

public sealed record HostFacts(string Machine, int Cores, string Provider);

/// <param name="Threshold">0 where none is wanted.</param>
public sealed record MetricFinding(
    string Key,
    string Name,
    Interval Candidate,
    Interval? Serving,
    Interval? Difference,
    double Threshold,
    double Margin,
    double SliceMargin
);

public sealed record SideFinding(
    int Version,
    double LoadMilliseconds,
    long PeakBytes,
    double P50Milliseconds,
    double P90Milliseconds,
    double P95Milliseconds,
    double P99Milliseconds,
    IReadOnlyList<double> Milliseconds
)
{
    /// <summary>The candidate's, then that of what serves, where it was tried.</summary>
    internal static IReadOnlyList<SideFinding> AllOf(TrialRecord trial) =>
        [.. new[] { trial.Candidate, trial.Serving }.OfType<TrialSide>().Select(Of)];

    internal static SideFinding Of(TrialSide side)
    {
        double[] sorted = [.. side.Milliseconds.Order()];
        double At(double p) => sorted.Length == 0 ? 0 : Math.Round(Quantiles.Of(sorted, p), 3);
        return new(
            side.Version,
            side.LoadMilliseconds,
            side.PeakBytes,
            At(0.5),
            At(0.9),
            At(0.95),
            At(0.99),
            [.. side.Milliseconds.Select(m => Math.Round(m, 3))]
        );
    }
}

public sealed record WorseItem(string Id, string Wanted, string Candidate, string Serving);

/// <summary>What whoever asked for a validation is told.</summary>
/// <param name="Reasons">The sentences of the gates that were not passed.</param>
/// <param name="ReportPath">The page's name among the reports of the version; null where there is no version to keep it.</param>
public sealed record ValidationResult(bool Passed, IReadOnlyList<string> Reasons, IReadOnlyList<Gate> Gates, string? ReportPath);
