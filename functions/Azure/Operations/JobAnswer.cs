using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Operations;

/// <summary>
/// A job for gpu-batch that a run waits for, or one of the bucket's queue, which no run waits for.
/// </summary>
/// <param name="Id">Of the run, and of the job.</param>
/// <param name="IsAwaited">Whether a run waits for it, in whose name it can be requeued and cancelled.</param>
/// <param name="State">"queued", "inHand", or "silent" where its worker's report is late.</param>
/// <param name="Since">When the run began to wait, a worker took it, or it was laid in the bucket.</param>
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
    public const string Queued = "queued";
    public const string InHand = "inHand";
    public const string Silent = "silent";

    public static IReadOnlyList<string> States { get; } = [Queued, InHand, Silent];

    private static readonly TimeSpan TakenIsReportedWithin = TimeSpan.FromMinutes(1);

    public static JobAnswer Of(RunEntry run, ReportedJob? reported, TimeSpan lateBy, DateTimeOffset now) =>
        new(
            run.Id,
            run.Name,
            IsAwaited: true,
            reported is null ? Queued
                : now > reported.Report.Next + lateBy ? Silent
                : InHand,
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
            State = now > next + lateBy ? Silent : InHand,
            Taken = reported?.Job.Since ?? job.Created,
        };
    }

    /// <summary>Of the bucket's queue, while no worker has it. What is no job of ours is listed by its place alone.</summary>
    public static JobAnswer OfWaiting(WaitingWork waiting)
    {
        GpuJobMessage? job = Parse(waiting.Body);
        AssetSource? source = job?.Request.Source;
        return new(
            waiting.Id,
            "AnalyseAsset",
            IsAwaited: false,
            Queued,
            job?.Enqueued ?? waiting.Since,
            source is null ? null : RunTag.ValueOfAsset(source.Store, source.Container, source.Key),
            Worker: null,
            Lane: null,
            Taken: null,
            Heartbeat: null,
            waiting.Attempt == 0 ? null : waiting.Attempt
        );
    }

    private static GpuJobMessage? Parse(BinaryData body)
    {
        try
        {
            return AssetsJson.Read<GpuJobMessage>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Without the kind that the index puts before it.</summary>
    public static string IdOf(RunEntry job) => job.Id[(job.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

/// <summary>Jobs that have not ended, the longest first.</summary>
/// <param name="Total">That the filter admits.</param>
/// <param name="Awaited">Of those, how many a run waits for, and an act on them all would reach.</param>
internal sealed record JobListAnswer(IReadOnlyList<JobAnswer> Items, int Total, int Awaited, string? Incomplete);

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
