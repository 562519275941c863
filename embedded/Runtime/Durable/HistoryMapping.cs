using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>Shows our history in the terms of the cloud engine's.</summary>
internal static class HistoryMapping
{
    public static IList<HistoryEvent> Map(string instanceId, int generation, IReadOnlyList<DurableEvent> history)
    {
        List<HistoryEvent> mapped = [];
        foreach (DurableEvent item in history)
        {
            if (item is TurnStarted && mapped.Count > 0)
                mapped.Add(new OrchestratorCompletedEvent(-1) { Timestamp = mapped[^1].Timestamp, IsPlayed = true });
            HistoryEvent next = Map(item, instanceId, generation);
            next.Timestamp = item.At;
            next.IsPlayed = true;
            mapped.Add(next);
        }

        return mapped;
    }

    private static HistoryEvent Map(DurableEvent item, string instanceId, int generation) => item switch
    {
        TurnStarted => new OrchestratorStartedEvent(-1),
        ExecutionStarted e => new ExecutionStartedEvent(-1, e.Input!)
        {
            Name = e.Name,
            Version = e.Version,
            Tags = Tags(e.Tags),
            OrchestrationInstance = Instance(instanceId, generation),
            ParentInstance = e.Parent is { } parent ? Map(parent) : null,
            ParentTraceContext = e.TraceParent is { } trace ? new DistributedTraceContext(trace) : null!,
        },
        ExecutionCompleted e => new ExecutionCompletedEvent(-1, e.Output, Map(e.Status), Map(e.Failure)),
        ContinuedAsNew e => new ContinueAsNewEvent(-1, e.Input!),
        TerminationRequested e => new ExecutionTerminatedEvent(-1, e.Output!),
        Suspended e => new ExecutionSuspendedEvent(-1, e.Reason!),
        Resumed e => new ExecutionResumedEvent(-1, e.Reason!),
        EventRaised e => new EventRaisedEvent(-1, e.Input!) { Name = e.Name },
        EventSent e => new EventSentEvent(e.Id) { InstanceId = e.InstanceId, Name = e.Name, Input = e.Input },
        ActivityScheduled e => new TaskScheduledEvent(e.Id, e.Name, e.Version, e.Input) { Tags = Tags(e.Tags) },
        ActivityCompleted e => new TaskCompletedEvent(-1, e.Id, e.Output!),
        ActivityFailed e => new TaskFailedEvent(-1, e.Id, e.Failure.ErrorMessage, e.Failure.StackTrace, Map(e.Failure)),
        ChildScheduled e => new SubOrchestrationInstanceCreatedEvent(e.Id)
        {
            Name = e.Name,
            Version = e.Version,
            InstanceId = e.InstanceId,
            Input = e.Input,
            Tags = Tags(e.Tags),
        },
        ChildCompleted e => new SubOrchestrationInstanceCompletedEvent(-1, e.Id, e.Output!),
        ChildFailed e => new SubOrchestrationInstanceFailedEvent(-1, e.Id, e.Failure.ErrorMessage, e.Failure.StackTrace, Map(e.Failure)),
        TimerScheduled e => new TimerCreatedEvent(e.Id, e.FireAt),
        TimerFired e => new TimerFiredEvent(-1, e.FireAt) { TimerId = e.Id },
        _ => throw new InvalidOperationException($"No public history event stands for {item.GetType()}; report this."),
    };

    private static ParentInstance Map(ParentLink parent) => new()
    {
        Name = parent.Name,
        OrchestrationInstance = Instance(parent.InstanceId, parent.Generation),
        TaskScheduleId = parent.TaskId,
    };

    private static OrchestrationInstance Instance(string id, int generation) =>
        new() { InstanceId = id, ExecutionId = generation.ToString(CultureInfo.InvariantCulture) };

    private static OrchestrationStatus Map(OrchestrationRuntimeStatus status) => Enum.Parse<OrchestrationStatus>(status.ToString());

    private static FailureDetails? Map(TaskFailureDetails? failure) => failure is null ? null : new(
        failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Map(failure.InnerFailure), isNonRetriable: false, failure.Properties);

    private static Dictionary<string, string>? Tags(IReadOnlyDictionary<string, string>? tags) =>
        tags?.ToDictionary(tag => tag.Key, tag => tag.Value);
}
