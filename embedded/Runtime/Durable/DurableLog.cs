using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>The engine's log lines: ids and names, never inputs or outputs.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(1, LogLevel.Information, "Durable engine started on {Path}: {Messages} messages and {Activities} activities are waiting")]
    public static partial void Started(ILogger log, string path, int messages, int activities);

    [LoggerMessage(2, LogLevel.Information, "Durable engine stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(3, LogLevel.Error, "A turn of instance {InstanceId} could not be committed; it is tried again in {Pause}")]
    public static partial void TurnFailed(ILogger log, Exception fault, string instanceId, TimeSpan pause);

    [LoggerMessage(4, LogLevel.Warning, "Activity {Activity} of instance {InstanceId} failed")]
    public static partial void ActivityFailed(ILogger log, Exception fault, string activity, string instanceId);

    [LoggerMessage(5, LogLevel.Information, "Activity {Activity} of instance {InstanceId} was cancelled by the stop and runs again at the next start")]
    public static partial void ActivityHandedBack(ILogger log, string activity, string instanceId);

    [LoggerMessage(6, LogLevel.Warning, "Event {Event} for instance {InstanceId} was dropped: the instance is {Status}")]
    public static partial void EventDropped(ILogger log, string @event, string instanceId, Microsoft.DurableTask.Client.OrchestrationRuntimeStatus? status);

    [LoggerMessage(7, LogLevel.Warning, "{Count} activities did not end in time; they run again at the next start")]
    public static partial void ActivitiesLeft(ILogger log, int count);
}
