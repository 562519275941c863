using System.ComponentModel.DataAnnotations;

namespace Serverless.Orchestrations.Operations.Retention;

/// <summary>
/// Section <c>Retention</c>: how old things become before they are removed, at least an hour each; by default everything is kept. The index
/// of runs has a setting of its own (Runs:Retention).
/// </summary>
public sealed class RetentionOptions
{
    /// <summary>Runs that have completed, by the time at which they did; kept by default.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? CompletedRuns { get; set; }

    /// <summary>Runs that have failed; kept by default. One that is removed cannot be rewound.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? FailedRuns { get; set; }

    /// <summary>Runs that were terminated; kept by default.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? TerminatedRuns { get; set; }

    /// <summary>Captured predictions, by the hour in which they were answered; kept by default.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? Captures { get; set; }

    /// <summary>Records of what was quarantined; kept by default. The asset stays quarantined, and can be redriven.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? Quarantine { get; set; }

    /// <summary>
    /// Acts in the log; kept by default. Whole files of it are removed, and the chain of those that stay can be verified.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? Audit { get; set; }

    /// <summary>
    /// Drafts of golden sets, by when they were drawn or somebody reviewed an item last; kept by default. At most 100 are under review.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? GoldenDrafts { get; set; }

    internal IReadOnlyList<RetentionStep> StepsAt(DateTimeOffset now) =>
        [
            .. new (RetentionKind Kind, TimeSpan? Age)[]
            {
                (RetentionKind.CompletedRuns, CompletedRuns),
                (RetentionKind.FailedRuns, FailedRuns),
                (RetentionKind.TerminatedRuns, TerminatedRuns),
                (RetentionKind.Captures, Captures),
                (RetentionKind.Quarantine, Quarantine),
                (RetentionKind.Audit, Audit),
                (RetentionKind.GoldenDrafts, GoldenDrafts),
            }
                .Where(one => one.Age is not null)
                .Select(one => new RetentionStep(one.Kind, now - one.Age!.Value)),
        ];
}

public enum RetentionKind
{
    CompletedRuns,
    FailedRuns,
    TerminatedRuns,
    Captures,
    Quarantine,
    Audit,
    GoldenDrafts,
}

/// <param name="Before">What is older is removed.</param>
/// <param name="After">Where the part before ended, in the words of what is listed; null at the beginning.</param>
public sealed record RetentionStep(RetentionKind Kind, DateTimeOffset Before, string? After = null);
