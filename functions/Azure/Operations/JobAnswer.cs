using Serverless.Ingest.Health;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Operations;

/// <summary>A job for gpu-batch that a run waits for.</summary>
/// <param name="Id">Of the run, and of the job.</param>
/// <param name="State">"queued", "inHand", or "silent" where its worker's report is late.</param>
/// <param name="Since">When the run began to wait.</param>
/// <param name="Heartbeat">When its worker last reported it.</param>
/// <param name="Attempt">Which hand-out of the message it is.</param>
internal sealed record JobAnswer(
    string Id,
    string Name,
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
    public static JobAnswer Of(RunEntry run, ReportedJob? reported, TimeSpan lateBy, DateTimeOffset now) =>
        new(
            run.Id,
            run.Name,
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
