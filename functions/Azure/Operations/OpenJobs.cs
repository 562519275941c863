using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Operations;

/// <summary>
/// Jobs that have not ended: those that runs wait for, those of the bucket that a worker has taken, and those that wait in the bucket for
/// one. Thread-safe.
/// </summary>
public sealed class OpenJobs(
    RunIndex runs,
    AssetStores stores,
    HealthOptions health,
    TimeProvider time,
    [FromKeyedServices(AssetLayout.BucketJobsQueue)] S3WorkQueue? bucket = null
)
{
    private const int MaxWaiting = 200;

    /// <summary>Of the bucket, which keeps nobody from the jobs of runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly RunFilter Open = new()
    {
        Kinds = [RunKind.Orchestration, RunKind.Job],
        Statuses = [RunStatus.Running, RunStatus.Suspended],
    };

    /// <summary>The longest first.</summary>
    internal async Task<(JobAnswer[] Jobs, string? Incomplete)> ReadAsync(CancellationToken cancellationToken)
    {
        RunEntry[] open = await runs.MatchAsync(Open, cancellationToken).Where(IsJob).ToArrayAsync(cancellationToken);
        var reports = await Task.WhenAll(stores.All.Select(store => new MemberReports(store, time).ReadAsync(cancellationToken)));
        Dictionary<string, ReportedJob> reported = ReportedJob.ByJob(reports.SelectMany(report => report));
        (JobAnswer[] waiting, string? incomplete) = await ReadWaitingAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        JobAnswer[] told =
        [
            .. open.Select(run =>
                run.Kind == RunKind.Job
                    ? JobAnswer.OfBucket(run, reported.GetValueOrDefault(JobAnswer.IdOf(run)), health.MemberLateBy, now)
                    : JobAnswer.Of(run, reported.GetValueOrDefault(run.Id), health.MemberLateBy, now)
            ),
        ];
        HashSet<string> known = [.. told.Select(job => job.Id)];
        return ([.. told.Concat(waiting.Where(job => !known.Contains(job.Id))).OrderBy(job => job.Since)], incomplete);
    }

    /// <summary>A job that a run waits for is told of by its run.</summary>
    private static bool IsJob(RunEntry run) =>
        run.Kind == RunKind.Job ? string.IsNullOrEmpty(run.Parent) : run.Stage == GpuJobs.WaitingStage;

    private async Task<(JobAnswer[] Jobs, string? Incomplete)> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        if (bucket is null)
        {
            return ([], null);
        }
        using CancellationTokenSource late = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            (IReadOnlyList<WaitingWork> waiting, int unread) = await bucket.ListWaitingAsync(MaxWaiting, either.Token);
            return (
                [.. waiting.Select(JobAnswer.OfWaiting)],
                unread == 0 ? null : $"{unread:N0} more jobs lie in the queue of the bucket and are not listed."
            );
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"{StoreFault.Describe(bucket.Name, e)}: jobs that wait there for a worker are missing.");
        }
    }
}
