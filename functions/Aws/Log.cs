using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Aws;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "Object created: {Instance} is {State} at attempt {Attempt}")]
    public static partial void ObjectCreated(this ILogger log, string instance, string state, int attempt);

    [LoggerMessage(4003, LogLevel.Information, "Object removed: asset {Asset}, forgotten now: {Forgotten}")]
    public static partial void ObjectRemoved(this ILogger log, string asset, bool forgotten);

    [LoggerMessage(4002, LogLevel.Warning, "Message {Id} failed and will be delivered again")]
    public static partial void MessageFailed(this ILogger log, Exception exception, string id);

    [LoggerMessage(4004, LogLevel.Warning, "Captures were not written after an event, and are kept for the next: {Fault}")]
    public static partial void CapturesKept(this ILogger log, string fault);

    [LoggerMessage(4005, LogLevel.Warning, "Metrics were not sent after an event, and go out with the next")]
    public static partial void MetricsKept(this ILogger log);
}
