namespace Serverless.Runs;

/// <summary>Counts of the runs that a filter admits. Those by one thing leave the filter's choice of that thing out.</summary>
/// <param name="Total">That the whole filter admits.</param>
/// <param name="From">When the first bucket begins; null where no run is admitted.</param>
/// <param name="BucketSeconds">How long each bucket lasts; 0 where there is none.</param>
/// <param name="Buckets">By the time of creation, one after the other, also empty ones.</param>
public sealed record RunSummary(
    int Total,
    IReadOnlyDictionary<string, int> Kinds,
    IReadOnlyDictionary<string, int> Statuses,
    IReadOnlyDictionary<string, int> Outcomes,
    IReadOnlyDictionary<string, int> Names,
    DateTimeOffset? From,
    long BucketSeconds,
    IReadOnlyList<RunBucket> Buckets
);

/// <summary>How many runs were created in one stretch of time, by how they stand.</summary>
/// <param name="Other">Pending or suspended.</param>
public sealed record RunBucket(int Completed, int Running, int Failed, int Terminated, int Other);
