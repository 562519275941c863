using Microsoft.Extensions.Logging;

namespace Serverless.Local.Lambda;

internal static partial class Log
{
    [LoggerMessage(
        601,
        LogLevel.Information,
        "Function {Function} takes messages from {QueueUrl}; its Runtime API listens at {RuntimeApis}"
    )]
    public static partial void Serving(this ILogger logger, string function, string queueUrl, string runtimeApis);

    [LoggerMessage(
        602,
        LogLevel.Warning,
        "Process {Number} of function {Function} ended with exit code {ExitCode} and is started again in {Delay}"
    )]
    public static partial void FunctionEnded(this ILogger logger, string function, int number, int exitCode, TimeSpan delay);

    [LoggerMessage(603, LogLevel.Error, "Function {Function} failed to start: {ErrorType}: {Reason}")]
    public static partial void FunctionFailedToStart(this ILogger logger, string function, string errorType, string reason);

    [LoggerMessage(604, LogLevel.Error, "Invocation {RequestId} with {Count} messages failed; they come again: {ErrorType}: {Reason}")]
    public static partial void InvocationFailed(this ILogger logger, string requestId, int count, string errorType, string reason);

    [LoggerMessage(605, LogLevel.Error, "Message {MessageId} failed {Count} times and is a dead letter")]
    public static partial void MessageIsDead(this ILogger logger, string messageId, int count);

    [LoggerMessage(606, LogLevel.Warning, "{Count} invocations did not end within {Limit}; their messages come again at the next start")]
    public static partial void StoppedWithWorkLeft(this ILogger logger, int count, TimeSpan limit);

    [LoggerMessage(
        607,
        LogLevel.Error,
        "How invocation {RequestId} with {Count} messages ended could not be kept; they come again: {Reason}"
    )]
    public static partial void InvocationNotSettled(this ILogger logger, string requestId, int count, string reason);
}
