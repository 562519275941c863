using Serverless.Ingest.Health;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Operations;

/// <summary>
/// A job for gpu-batch that a run waits for, or that a worker has taken from the queue of the bucket, which no run waits for.
/// </summary>
/// <param name="Id">Of the run, and of the job.</param>
/// <param name="IsAwaited">Whether a run waits for it, in whose name it can be requeued and cancelled.</param>
/// <param name="State">"queued", "inHand", or "silent" where its worker's report is late.</param>
/// <param name="Since">When the run began to wait, or a worker took it.</param>
/// <param name="Heartbeat">When its worker last reported it.</param>
/// <param name="Attempt">Which hand-out of the message it is.</param>
internal sealed record JobAnswer(
    string Id,
    string Name,
    bool IsAwaited,
    string State,
    DateTimeOffset Since,
    string? Asset,
    string? Worker,
    string? Lane,
    DateTimeOffset? Taken,
    DateTimeOffset? Heartbeat,
    int? Attempt
)
{
    private static readonly TimeSpan TakenIsReportedWithin = TimeSpan.FromMinutes(1);

    public static JobAnswer Of(RunEntry run, ReportedJob? reported, TimeSpan lateBy, DateTimeOffset now) =>
        new(
            run.Id,
            run.Name,
            IsAwaited: true,
            reported is null ? "queued"
                : now > reported.Report.Next + lateBy ? "silent"
                : "inHand",
            run.Updated,
            RunTag.Find(run.Tags, RunTag.Asset),
            reported?.Worker,
            reported?.Job.Lane.ToString().ToLowerInvariant(),
            reported?.Job.Since,
            reported?.Report.Written,
            reported?.Job.Attempt
        );

    /// <summary>A worker tells of it when it takes it, and reports it a while later.</summary>
    public static JobAnswer OfBucket(RunEntry job, ReportedJob? reported, TimeSpan lateBy, DateTimeOffset now)
    {
        DateTimeOffset next = reported?.Report.Next ?? job.Updated + TakenIsReportedWithin;
        return Of(job, reported, lateBy, now) with
        {
            Id = IdOf(job),
            IsAwaited = false,
            State = now > next + lateBy ? "silent" : "inHand",
            Taken = reported?.Job.Since ?? job.Created,
        };
    }

    /// <summary>Without the kind that the index puts before it.</summary>
    public static string IdOf(RunEntry job) => job.Id[(job.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

/// <summary>A job as a worker reported it.</summary>
internal sealed record ReportedJob(MemberReport Report, string Worker, JobInHand Job)
{
    /// <summary>By the job's id; of two reports the newer.</summary>
    public static Dictionary<string, ReportedJob> ByJob(IEnumerable<MemberReport> reports)
    {
        Dictionary<string, ReportedJob> found = [];
        foreach (MemberReport report in reports.OrderBy(report => report.Written))
        {
            foreach (ReportedMember member in report.Members)
            {
                foreach (JobInHand job in member.Jobs ?? [])
                {
                    found[job.JobId ?? job.Job] = new ReportedJob(report, member.Name, job);
                }
            }
        }
        return found;
    }
}
