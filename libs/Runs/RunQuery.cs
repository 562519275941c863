namespace Serverless.Runs;

/// <summary>What a list of runs is in the order of.</summary>
public enum RunSort
{
    Created,
    Updated,
    Duration,
    Name,
    Status,
}

/// <summary>One page of the runs that a filter admits.</summary>
/// <param name="After">Where the page begins; null for the first.</param>
public sealed record RunQuery(RunFilter Filter, RunSort Sort, bool IsDescending, int Limit, RunCursor? After = null);

/// <param name="Total">How many runs the filter admits, on all pages.</param>
/// <param name="Next">Where the list goes on; null at its end.</param>
public sealed record FoundRuns(IReadOnlyList<RunEntry> Runs, int Total, RunCursor? Next);
