using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Hosting;

internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Warning, "The host stops with work left; it is delivered again at the next start")]
    public static partial void StoppedWithWorkLeft(ILogger logger);

    [LoggerMessage(11, LogLevel.Error, "'{Function}', started by hand, failed")]
    public static partial void ManualRunFailed(ILogger logger, Exception exception, string function);

    [LoggerMessage(12, LogLevel.Information, "Found {Count} functions:{Functions}")]
    public static partial void Found(ILogger logger, int count, string functions);

    [LoggerMessage(13, LogLevel.Warning, "{What} cannot be reached and is tried again until it can: {Reason}")]
    public static partial void StorageAway(ILogger logger, string what, string reason);

    [LoggerMessage(14, LogLevel.Information, "{What} can be reached again")]
    public static partial void StorageBack(ILogger logger, string what);
}
