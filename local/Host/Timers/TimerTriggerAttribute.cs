using Microsoft.Azure.WebJobs.Description;

namespace Serverless.Local.Host.Timers;

/// <summary>The binding "timerTrigger". Public because emitted code carries it; its properties are named as in the metadata.</summary>
[Binding(TriggerHandlesReturnValue = false)]
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    public string Schedule { get; } = schedule;

    public bool RunOnStartup { get; set; }

    public bool UseMonitor { get; set; } = true;
}
