using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Health;

/// <summary>From when on something is said to be wrong.</summary>
public sealed class HealthOptions
{
    /// <summary>What has not answered for so long is said to be away, 0.8 s by default; no answer about health takes longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>Jobs that wait for so long while none is worked on have no worker, 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WorkerWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A worker, or a supervisor, whose report is late by so long has stopped, 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan MemberLateBy { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A text or picture that is worked on, an upload whose run has not begun, or a job that waits for so long is stuck, 15 minutes by
    /// default. How long a film takes depends on its length, so a film is stuck only while it waits.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A space of vectors that searches are to turn to, and that has not filled for so long, is stuck, 30 minutes by default: what it lacks
    /// was given up, or nobody embeds it anew.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan SpaceFillsWithin { get; set; } = TimeSpan.FromMinutes(30);
}
