using Microsoft.Extensions.Logging;

namespace Serverless.Local.Events;

internal static partial class Log
{
    [LoggerMessage(701, LogLevel.Information, "{Store} is watched for the {Receiver}")]
    public static partial void Watching(this ILogger logger, string store, string receiver);

    [LoggerMessage(702, LogLevel.Warning, "{Store} cannot be listed and is tried again: {Reason}")]
    public static partial void StoreIsAway(this ILogger logger, string store, string reason);

    [LoggerMessage(703, LogLevel.Information, "{Store} is back after {Failures} attempts")]
    public static partial void StoreIsBack(this ILogger logger, string store, int failures);

    [LoggerMessage(704, LogLevel.Warning, "The {Receiver} does not accept {Count} events, which are sent again until it does: {Reason}")]
    public static partial void EventsAreNotAccepted(this ILogger logger, string receiver, int count, string reason);

    [LoggerMessage(705, LogLevel.Information, "The {Receiver} accepts events again after {Failures} attempts")]
    public static partial void EventsAreAccepted(this ILogger logger, string receiver, int failures);

    [LoggerMessage(706, LogLevel.Warning, "The access log {Path} cannot be read: {Reason}; listings go on without it")]
    public static partial void AccessLogUnreadable(this ILogger logger, string path, string reason);
}
