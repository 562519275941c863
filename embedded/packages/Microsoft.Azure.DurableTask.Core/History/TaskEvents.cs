using System.Runtime.Serialization;
using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

[DataContract]
public class TaskScheduledEvent(int eventId, string name, string? version = null, string? input = null)
    : HistoryEvent(eventId), ISupportsDurableTraceContext
{
    public override EventType EventType => EventType.TaskScheduled;

    [DataMember]
    public string? Name { get; set; } = name;

    [DataMember]
    public string? Version { get; set; } = version;

    [DataMember]
    public string? Input { get; set; } = input;

    [DataMember]
    public IDictionary<string, string>? Tags { get; set; }

    [DataMember]
    public DistributedTraceContext? ParentTraceContext { get; set; }
}

[DataContract]
public class TaskCompletedEvent(int eventId, int taskScheduledId, string result) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.TaskCompleted;

    [DataMember]
    public int TaskScheduledId { get; } = taskScheduledId;

    [DataMember]
    public string Result { get; } = result;
}

[DataContract]
public class TaskFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails)
    : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.TaskFailed;

    [DataMember]
    public int TaskScheduledId { get; } = taskScheduledId;

    [DataMember]
    public string? Reason { get; } = reason;

    [DataMember]
    public string? Details { get; } = details;

    [DataMember]
    public FailureDetails? FailureDetails { get; } = failureDetails;
}
