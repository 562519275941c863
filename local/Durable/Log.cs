using Microsoft.Extensions.Logging;

namespace Serverless.Local.Durable;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Worker {Worker} was silent for longer than its lease; another process has taken over its work.")]
    public static partial void LeaseLost(ILogger logger, long worker);

    [LoggerMessage(2, LogLevel.Information, "The work of worker {Worker}, which died or was silent, is handed out again.")]
    public static partial void WorkTakenOver(ILogger logger, long worker);

    [LoggerMessage(3, LogLevel.Warning, "The turn of '{InstanceId}' was refused: another process has taken it over.")]
    public static partial void TurnRefused(ILogger logger, string instanceId);

    [LoggerMessage(4, LogLevel.Warning, "The result of activity {Activity} of '{InstanceId}' was refused: another process took it over.")]
    public static partial void ActivityRefused(ILogger logger, long activity, string instanceId);

    [LoggerMessage(5, LogLevel.Error, "'{InstanceId}' began {Attempts} times without an end, because the process died; it fails.")]
    public static partial void Poisoned(ILogger logger, string instanceId, int attempts);

    [LoggerMessage(6, LogLevel.Warning, "The durable store could not be written to look for work that is due; it is tried again.")]
    public static partial void LookFailed(ILogger logger, Exception exception);
}
