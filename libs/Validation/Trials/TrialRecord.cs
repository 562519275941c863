using Serverless.Packages;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation.Trials;

/// <summary>Where a trial of a version came to an end, and how.</summary>
public sealed record TrialFault(string Step, TrialEnd End, string Message);

/// <summary>What was seen of one version.</summary>
/// <param name="Answers">One for each item of the golden set; empty where the trial ended before.</param>
/// <param name="Milliseconds">Of single answers, in the order in which they were timed.</param>
public sealed record TrialSide(
    int Version,
    TrialFault? Fault,
    double LoadMilliseconds,
    long PeakBytes,
    IReadOnlyList<ItemAnswer> Answers,
    IReadOnlyList<double> Milliseconds
);

/// <summary>All that a trial saw; kept with the report, which is made of it.</summary>
/// <param name="Serving">Null where nothing serves, or the candidate could not be tried.</param>
public sealed record TrialRecord(
    ModelTask? Task,
    string? Provider,
    int Cores,
    TrialSide Candidate,
    TrialSide? Serving,
    IReadOnlyList<ProbeFinding> Probes,
    DateTimeOffset At
)
{
    /// <summary>One for each watermark that was to be tried.</summary>
    public IReadOnlyList<WatermarkFinding> Watermarks { get; init; } = [];
}
