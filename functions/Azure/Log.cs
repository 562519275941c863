using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Azure;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Blob arrived: run {Instance}, started now: {Started}")]
    public static partial void BlobArrived(this ILogger log, string instance, bool started);

    [LoggerMessage(3002, LogLevel.Information, "Blob {Path} was gone before its event was read")]
    public static partial void BlobGone(this ILogger log, string path);

    [LoggerMessage(3013, LogLevel.Warning, "Blob {Path} is tried again after {Seconds} s: {Fault}")]
    public static partial void BlobWaits(this ILogger log, string path, double seconds, string fault);

    [LoggerMessage(3006, LogLevel.Information, "Blob deleted: asset {Asset} is forgotten")]
    public static partial void BlobForgotten(this ILogger log, string asset);

    [LoggerMessage(3007, LogLevel.Error, "A message of {Bytes} bytes in the queue {Queue} cannot be read and is passed over: {Reason}")]
    public static partial void MessageUnreadable(this ILogger log, string queue, int bytes, string reason);

    [LoggerMessage(3003, LogLevel.Information, "Job {JobId} answered, failure: {Failure}")]
    public static partial void JobAnswered(this ILogger log, string jobId, string failure);

    [LoggerMessage(3004, LogLevel.Information, "Result {Instance} announced as {State}, indexed now: {Indexed}")]
    public static partial void ResultAnnounced(this ILogger log, string instance, string state, bool indexed);

    [LoggerMessage(3005, LogLevel.Error, "Function {Function} failed, invocation {Invocation}")]
    public static partial void RequestFailed(this ILogger log, Exception fault, string function, string invocation);

    [LoggerMessage(3009, LogLevel.Warning, "The queues of triggers could not be created yet: {Fault}")]
    public static partial void QueuesNotCreated(this ILogger log, string fault);

    [LoggerMessage(3011, LogLevel.Information, "Feedback file {Name} read: {Taken} lines taken, {Rejected} not")]
    public static partial void FeedbackFileTaken(this ILogger log, string name, int taken, int rejected);

    [LoggerMessage(3012, LogLevel.Error, "The log of acts could not be written for {Function}")]
    public static partial void AuditNotWritten(this ILogger log, Exception fault, string function);

    [LoggerMessage(
        3013,
        LogLevel.Warning,
        "The run store refused the token by which the index of runs is filled, {Done} runs in; the fill begins anew, {Times} of {AtMost}"
    )]
    public static partial void FillBeginsAnew(this ILogger log, Exception fault, int done, int times, int atMost);

    [LoggerMessage(3010, LogLevel.Warning, "{Source} found nothing out for alerts: {Fault}")]
    public static partial void AlertSourceFailed(this ILogger log, string source, string fault);
}
