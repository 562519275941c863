using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Serverless.GpuBatch;

/// <summary>How one worker process takes and holds jobs.</summary>
internal sealed class WorkerOptions : IValidatableObject
{
    /// <summary>Jobs at once, 4 by default: their texts and keyframes share batches, and while one video downloads another is decoded.
    /// Each video takes its size on disk, a decoder of two threads and about 100 MB. The last place is never a long job's, where there are
    /// several.</summary>
    [Range(1, 64)]
    public int JobsAtOnce { get; set; } = 4;

    /// <summary>A text of more bytes is a long job, as every video is: 1 MiB by default.</summary>
    [Range(1, long.MaxValue)]
    public long LongTextBytes { get; set; } = 1 << 20;

    /// <summary>
    /// How long a job is held without a sign of life, 60 s by default: what passes before another worker takes over a killed one's.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Hand-outs after which a job that fails each time is answered as failed, 5 by default.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Longest pause between two looks at empty queues, 1 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running jobs may go on after the order to stop before they are handed back, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:08")]
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Under what name it reports, the machine's and the number of its process by default. One that is started again under its name takes
    /// the place of the one that ended.
    /// </summary>
    [Required]
    public string Name { get; set; } = $"gpu-batch-{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Between two reports that it lives, 20 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// End when there was no job to take for the length of a lease, in which one of a killed worker would have come back.
    /// </summary>
    public bool UntilEmpty { get; set; }

    /// <summary>
    /// Where Prometheus finds what is measured, at /metrics: a port, 0 for a free one that the log names; null, the default, for none.
    /// </summary>
    [Range(0, ushort.MaxValue)]
    public int? MetricsPort { get; set; }

    /// <summary>
    /// The address of that port, 127.0.0.1 by default. It asks for no key: any other address is for a network of its own.
    /// </summary>
    [Required]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>Null where metrics are not served.</summary>
    internal IPEndPoint? ScrapedAt => MetricsPort is { } port ? new IPEndPoint(IPAddress.Parse(MetricsAddress), port) : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        IPAddress.TryParse(MetricsAddress, out _)
            ? []
            :
            [
                new ValidationResult(
                    $"{nameof(MetricsAddress)} is '{MetricsAddress}'; allowed is an IP address, such as 127.0.0.1 or 0.0.0.0."
                ),
            ];
}
