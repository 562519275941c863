using System.Runtime.Serialization;

namespace DurableTask.Core.History;

[DataContract]
public class SubOrchestrationInstanceCreatedEvent(int eventId) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.SubOrchestrationInstanceCreated;

#nullable disable annotations
    [DataMember]
    public string Name { get; set; }

    [DataMember]
    public string Version { get; set; }

    [DataMember]
    public string InstanceId { get; set; }

    [DataMember]
    public string Input { get; set; }

    [DataMember]
    public IDictionary<string, string> Tags { get; set; }
#nullable restore annotations
}

[DataContract]
public class SubOrchestrationInstanceCompletedEvent(int eventId, int taskScheduledId, string result) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.SubOrchestrationInstanceCompleted;

    [DataMember]
    public int TaskScheduledId { get; } = taskScheduledId;

    [DataMember]
    public string Result { get; } = result;
}

[DataContract]
public class SubOrchestrationInstanceFailedEvent(
    int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails)
    : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.SubOrchestrationInstanceFailed;

    [DataMember]
    public int TaskScheduledId { get; } = taskScheduledId;

    [DataMember]
    public string? Reason { get; } = reason;

    [DataMember]
    public string? Details { get; } = details;

    [DataMember]
    public FailureDetails? FailureDetails { get; } = failureDetails;
}
