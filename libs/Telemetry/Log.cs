using Microsoft.Extensions.Logging;

namespace Serverless.Telemetry;

internal static partial class Log
{
    [LoggerMessage(6101, LogLevel.Information, "Metrics for Prometheus at {Address}")]
    public static partial void MetricsServed(this ILogger log, string address);
}
