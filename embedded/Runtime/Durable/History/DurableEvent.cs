using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.Runtime.Durable.History;

/// <summary>
/// One fact in the life of an instance. Its history is the list of them in the order in which its code saw them; the same
/// list always leads the code to the same place. Names here are part of the stored format.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TurnStarted), "turnStarted")]
[JsonDerivedType(typeof(ExecutionStarted), "executionStarted")]
[JsonDerivedType(typeof(ExecutionCompleted), "executionCompleted")]
[JsonDerivedType(typeof(ContinuedAsNew), "continuedAsNew")]
[JsonDerivedType(typeof(TerminationRequested), "terminationRequested")]
[JsonDerivedType(typeof(Suspended), "suspended")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(ActivityScheduled), "activityScheduled")]
[JsonDerivedType(typeof(ActivityCompleted), "activityCompleted")]
[JsonDerivedType(typeof(ActivityFailed), "activityFailed")]
[JsonDerivedType(typeof(ChildScheduled), "childScheduled")]
[JsonDerivedType(typeof(ChildCompleted), "childCompleted")]
[JsonDerivedType(typeof(ChildFailed), "childFailed")]
[JsonDerivedType(typeof(TimerScheduled), "timerScheduled")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(EventSent), "eventSent")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
internal abstract record DurableEvent
{
    /// <summary>When it happened, in UTC.</summary>
    public DateTime At { get; init; }
}

/// <summary>The code was given events to act on; what it sees as the current time until the next turn.</summary>
internal sealed record TurnStarted : DurableEvent;

/// <summary>The orchestration that called this one, as which task, in which of its executions.</summary>
internal sealed record ParentLink(string InstanceId, string Name, int Generation, int TaskId);

internal sealed record ExecutionStarted(
    string Name, string Version, string? Input, ParentLink? Parent, IReadOnlyDictionary<string, string>? Tags) : DurableEvent
{
    /// <summary>W3C traceparent of whoever asked for it; what the instance does belongs to that trace.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>The end: completed, failed or terminated.</summary>
internal sealed record ExecutionCompleted(
    OrchestrationRuntimeStatus Status, string? Output, TaskFailureDetails? Failure) : DurableEvent;

/// <summary>The end of one execution that the next, with a fresh history, follows at once.</summary>
internal sealed record ContinuedAsNew(string? Input, string? Version, IReadOnlyList<DurableEvent> Carried) : DurableEvent;

internal sealed record TerminationRequested(string? Output, bool Recursive) : DurableEvent;

internal sealed record Suspended(string? Reason) : DurableEvent;

internal sealed record Resumed(string? Reason) : DurableEvent;

internal sealed record EventRaised(string Name, string? Input) : DurableEvent;
