using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Lambda;

internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Information, "Bucket {Bucket} at {Address} is watched under {Prefix} for function {Function}")]
    public static partial void Watching(this ILogger logger, string bucket, Uri address, string prefix, string function);

    [LoggerMessage(602, LogLevel.Warning, "Bucket {Bucket} at {Address} cannot be listed and is tried again: {Reason}")]
    public static partial void BucketIsAway(this ILogger logger, string bucket, Uri address, string reason);

    [LoggerMessage(603, LogLevel.Information, "Bucket {Bucket} is back after {Failures} attempts")]
    public static partial void BucketIsBack(this ILogger logger, string bucket, int failures);

    [LoggerMessage(604, LogLevel.Error, "Invocation {RequestId} with {Count} messages failed; they come again")]
    public static partial void InvocationFailed(this ILogger logger, string requestId, int count, Exception exception);

    [LoggerMessage(605, LogLevel.Error, "Message {MessageId} failed {Count} times and is a dead letter")]
    public static partial void MessageIsDead(this ILogger logger, string messageId, int count);

    [LoggerMessage(606, LogLevel.Warning, "{Count} invocations did not end within {Limit}; their messages come again at the next start")]
    public static partial void StoppedWithWorkLeft(this ILogger logger, int count, TimeSpan limit);

    [LoggerMessage(607, LogLevel.Error, "How invocation {RequestId} with {Count} messages ended could not be kept; they come again: {Reason}")]
    public static partial void InvocationNotSettled(this ILogger logger, string requestId, int count, string reason);
}
