using Microsoft.Extensions.Logging;

namespace Serverless.Serving;

internal static partial class Log
{
    [LoggerMessage(3006, LogLevel.Information, "Shadow {Model}/{Version} failed to answer: {Kind}, {Fault}")]
    public static partial void ShadowFailed(this ILogger log, string model, int version, string kind, string fault);

    [LoggerMessage(3007, LogLevel.Warning, "Model {Model}/{Version}, which a rollout names, is not loaded: {Fault}")]
    public static partial void NotWarmed(this ILogger log, string model, int version, string fault);

    [LoggerMessage(3012, LogLevel.Warning, "What this process has counted could not be told to the others yet: {Fault}")]
    public static partial void FleetNotTold(this ILogger log, string fault);

    [LoggerMessage(
        3008,
        LogLevel.Warning,
        "A change of the traffic of {Model} in {Environment} takes effect although what it names is not loaded after {Patience}"
    )]
    public static partial void StillLoading(this ILogger log, string model, string environment, TimeSpan patience);
}
