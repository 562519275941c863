using System.Runtime.Serialization;
using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

#nullable disable annotations
[DataContract]
public class ExecutionStartedEvent(int eventId, string input)
    : HistoryEvent(eventId), ISupportsDurableTraceContext
{
    [DataMember]
    public OrchestrationInstance OrchestrationInstance;

    public override EventType EventType => EventType.ExecutionStarted;

    [DataMember]
    public ParentInstance ParentInstance { get; set; }

    [DataMember]
    public string Name { get; set; }

    [DataMember]
    public string Version { get; set; }

    [DataMember]
    public string Input { get; set; } = input;

    [DataMember]
    public IDictionary<string, string> Tags { get; set; }

    [DataMember]
    public DateTime? ScheduledStartTime { get; set; }

    [DataMember]
    public DistributedTraceContext ParentTraceContext { get; set; }
}

[DataContract]
public class ExecutionSuspendedEvent(int eventId, string reason) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionSuspended;

    [DataMember]
    public string Reason { get; set; } = reason;
}

[DataContract]
public class ExecutionResumedEvent(int eventId, string reason) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionResumed;

    [DataMember]
    public string Reason { get; set; } = reason;
}

[DataContract]
public class ExecutionTerminatedEvent(int eventId, string input) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionTerminated;

    [DataMember]
    public string Input { get; set; } = input;
}

[DataContract]
public class ContinueAsNewEvent(int eventId, string input)
    : ExecutionCompletedEvent(eventId, input, OrchestrationStatus.ContinuedAsNew)
{
    public override EventType EventType => EventType.ContinueAsNew;
}

[DataContract]
public class OrchestratorStartedEvent(int eventId) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.OrchestratorStarted;
}

[DataContract]
public class OrchestratorCompletedEvent(int eventId) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.OrchestratorCompleted;
}
#nullable restore annotations

[DataContract]
public class ExecutionCompletedEvent(
    int eventId, string? result, OrchestrationStatus orchestrationStatus, FailureDetails? failureDetails = null)
    : HistoryEvent(eventId)
{
    public override EventType EventType =>
        OrchestrationStatus == OrchestrationStatus.Failed ? EventType.ExecutionFailed : EventType.ExecutionCompleted;

    [DataMember]
    public OrchestrationStatus OrchestrationStatus { get; } = orchestrationStatus;

    [DataMember]
    public string? Result { get; } = result;

    [DataMember]
    public FailureDetails? FailureDetails { get; } = failureDetails;
}
