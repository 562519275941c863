using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>How often something took place, and how long it took in all.</summary>
public readonly record struct TimeSum(long Count, TimeSpan Time)
{
    internal TimeSum Add(TimeSpan time) => new(Count + 1, Time + time);
}

/// <summary>What one model version has done since it was loaded, in this process.</summary>
/// <param name="LastInference">When a request was last answered or failed; null before the first.</param>
/// <param name="Inferences">Rows that were answered, of whatever requests.</param>
/// <param name="Executions">Runs that answered any of them.</param>
/// <param name="Success">Requests that were answered, from end to end; their parts follow.</param>
/// <param name="Fail">Requests that the model or its queue refused, that were late, or whose caller went.</param>
public sealed record ModelStatistics(
    ModelVersion Version,
    DateTimeOffset? LastInference,
    long Inferences,
    long Executions,
    TimeSum Success,
    TimeSum Fail,
    TimeSum Queue,
    TimeSum Input,
    TimeSum Infer,
    TimeSum Output,
    IReadOnlyList<RunStatistics> Runs
);

/// <summary>The runs of one size.</summary>
/// <param name="Rows">Exact to 64; larger runs are counted under the next power of two, so that there are few sizes.</param>
public sealed record RunStatistics(long Rows, TimeSum Input, TimeSum Infer, TimeSum Output);
