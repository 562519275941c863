using Microsoft.Extensions.Logging;

namespace Serverless.Rollout;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Error, "The rollout of {Model} in {Environment} could not be read anew; the last good one stays")]
    public static partial void NotRefreshed(this ILogger log, string environment, string model, Exception exception);

    [LoggerMessage(
        6002,
        LogLevel.Error,
        "What the rollout of {Model} in {Environment} names could not be prepared; it is followed all the same"
    )]
    public static partial void NotPrepared(this ILogger log, string environment, string model, Exception exception);
}
