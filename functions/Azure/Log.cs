using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Azure;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Blob arrived: run {Instance}, started now: {Started}")]
    public static partial void BlobArrived(this ILogger log, string instance, bool started);

    [LoggerMessage(3002, LogLevel.Information, "Blob {Path} was gone before its event was read")]
    public static partial void BlobGone(this ILogger log, string path);

    [LoggerMessage(3003, LogLevel.Information, "Job {JobId} answered, failure: {Failure}")]
    public static partial void JobAnswered(this ILogger log, string jobId, string failure);

    [LoggerMessage(3004, LogLevel.Information, "Result {Instance} announced as {State}, indexed now: {Indexed}")]
    public static partial void ResultAnnounced(this ILogger log, string instance, string state, bool indexed);

    [LoggerMessage(3005, LogLevel.Error, "Function {Function} failed, invocation {Invocation}")]
    public static partial void RequestFailed(this ILogger log, Exception fault, string function, string invocation);

    [LoggerMessage(3006, LogLevel.Information, "Shadow {Model}/{Version} failed to answer: {Kind}, {Fault}")]
    public static partial void ShadowFailed(this ILogger log, string model, int version, string kind, string fault);

    [LoggerMessage(3007, LogLevel.Warning, "Model {Model}/{Version}, which a rollout names, is not loaded: {Fault}")]
    public static partial void NotWarmed(this ILogger log, string model, int version, string fault);

    [LoggerMessage(3008, LogLevel.Warning, "A change of the traffic of {Model} in {Environment} takes effect although what it names is not loaded after {Patience}")]
    public static partial void StillLoading(this ILogger log, string model, string environment, TimeSpan patience);

    [LoggerMessage(3009, LogLevel.Warning, "The queues of triggers could not be created yet: {Fault}")]
    public static partial void QueuesNotCreated(this ILogger log, string fault);
}
