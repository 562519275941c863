using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Invocation;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Executing 'Functions.{Function}' (Reason='{Reason}', Id={Id})")]
    public static partial void Executing(ILogger logger, string function, string reason, string id);

    [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={Id}, Duration={Milliseconds:0}ms)")]
    public static partial void Succeeded(ILogger logger, string function, string id, double milliseconds);

    [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Id}, Duration={Milliseconds:0}ms)")]
    public static partial void Failed(ILogger logger, Exception exception, string function, string id, double milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "Executed 'Functions.{Function}' (Cancelled, Id={Id}, Duration={Milliseconds:0}ms)")]
    public static partial void Cancelled(ILogger logger, string function, string id, double milliseconds);

    [LoggerMessage(5, LogLevel.Warning, "Executed 'Functions.{Function}' (Rejected, Id={Id}): {Reason}")]
    public static partial void Rejected(ILogger logger, string function, string id, string reason);
}
