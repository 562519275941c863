using Microsoft.Extensions.Logging;

namespace Serverless.Alerts;

internal static partial class Log
{
    [LoggerMessage(8101, LogLevel.Warning, "The rules of alerts cannot be read, so that those read last stay: {Fault}")]
    public static partial void RulesUnreadable(this ILogger log, string fault);

    [LoggerMessage(8102, LogLevel.Information, "Alert {Alert} of rule {Rule}: {Change}, muted: {Muted}")]
    public static partial void AlertChanged(this ILogger log, string alert, string rule, AlertChangeKind change, bool muted);

    [LoggerMessage(8103, LogLevel.Warning, "Dispatch {Dispatch} of {Changes} alerts was not taken at try {Attempt}: {Fault}")]
    public static partial void DispatchFailed(this ILogger log, string dispatch, int changes, int attempt, string fault);
}
