namespace Serverless.Ingest.Health;

/// <summary>
/// What a process says of itself, or a supervisor of the processes that it starts. It is written anew at an interval, and removed by who
/// ends in good order: one that grows old tells of a process that did not.
/// </summary>
/// <param name="Reporter">Names the object, so that a process that is started again under its name replaces what it said before.</param>
/// <param name="Next">By when the next one comes.</param>
public sealed record MemberReport(string Reporter, DateTimeOffset Written, DateTimeOffset Next, IReadOnlyList<ReportedMember> Members);

/// <param name="Since">When it came to this state: up, or down with a fault.</param>
/// <param name="Fault">Why it is down, or keeps failing; absent of one that is up.</param>
/// <param name="Jobs">What a worker has in hand; absent of a member that takes no jobs.</param>
/// <param name="Heard">When its report was written; absent in the report itself, which says so for all.</param>
public sealed record ReportedMember(
    string Name,
    DateTimeOffset Since,
    string? Fault = null,
    IReadOnlyList<JobInHand>? Jobs = null,
    DateTimeOffset? Heard = null
);

/// <param name="Job">Of the message, which is another each time that it is sent.</param>
/// <param name="JobId">Of the job; absent of what is none, and of reports of older workers.</param>
/// <param name="Attempt">Which hand-out of the message it is.</param>
public sealed record JobInHand(string Job, JobLane Lane, DateTimeOffset Since, string? JobId = null, int Attempt = 1);

public enum JobLane
{
    Short,

    /// <summary>It may take as long as its film or text is.</summary>
    Long,
}
