using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.StorageLog;

internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Warning, "Cannot read the access log {Path}: {Reason}; scans go on without it")]
    public static partial void AccessLogUnreadable(ILogger logger, string path, string reason);
}
