using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Media;

namespace Serverless.GpuBatch;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Taking jobs from {Queues}; inference on {Provider} ({Reason}), {Threads} threads")]
    public static partial void Started(this ILogger log, string queues, string provider, string reason, int threads);

    [LoggerMessage(5002, LogLevel.Information, "Job {Id}: {Kind} of {Bytes} bytes, attempt {Attempt}")]
    public static partial void JobTaken(this ILogger log, string id, MediaKind kind, long bytes, int attempt);

    [LoggerMessage(5003, LogLevel.Information, "Job {Id}: {Status} after {Milliseconds:F0} ms")]
    public static partial void JobAnswered(this ILogger log, string id, AnalysisStatus status, double milliseconds);

    [LoggerMessage(5004, LogLevel.Warning, "Job {Id} failed at attempt {Attempt}")]
    public static partial void JobFailed(this ILogger log, Exception exception, string id, int attempt);

    [LoggerMessage(5005, LogLevel.Warning, "Job {Id}: the lease of attempt {Attempt} was lost; another worker may have it")]
    public static partial void LeaseLost(this ILogger log, string id, int attempt);

    [LoggerMessage(5006, LogLevel.Warning, "Job {Id}: {Reason}")]
    public static partial void FencedOff(this ILogger log, string id, string reason);

    [LoggerMessage(5007, LogLevel.Information, "Job {Id} of attempt {Attempt} is handed back")]
    public static partial void HandedBack(this ILogger log, string id, int attempt);

    [LoggerMessage(5008, LogLevel.Warning, "Job {Id} could not be handed back ({Reason}); it returns when its lease ends")]
    public static partial void NotReleased(this ILogger log, string id, string reason);

    [LoggerMessage(5009, LogLevel.Error, "Item {Id} is no job and was dropped: {Reason}")]
    public static partial void NoJob(this ILogger log, string id, string reason);

    [LoggerMessage(5010, LogLevel.Warning, "Queue {Queue} does not answer: {Reason}")]
    public static partial void QueueAway(this ILogger log, string queue, string reason);

    [LoggerMessage(5011, LogLevel.Information, "Job {Id} waits: {Reason}")]
    public static partial void JobWaits(this ILogger log, string id, string reason);

    [LoggerMessage(5013, LogLevel.Warning, "Job {Id} ended with its worker before; attempt {Attempt} begins once no other is in hand")]
    public static partial void JobAlone(this ILogger log, string id, int attempt);

    [LoggerMessage(5012, LogLevel.Warning, "The report that this worker lives could not be written: {Reason}")]
    public static partial void NotReported(this ILogger log, string reason);
}
