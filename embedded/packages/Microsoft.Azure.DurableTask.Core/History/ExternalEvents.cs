using System.Runtime.Serialization;
using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

#nullable disable annotations
[DataContract]
public class EventRaisedEvent(int eventId, string input)
    : HistoryEvent(eventId), ISupportsDurableTraceContext
{
    public override EventType EventType => EventType.EventRaised;

    [DataMember]
    public string Name { get; set; }

    [DataMember]
    public string Input { get; set; } = input;

    [DataMember]
    public DistributedTraceContext ParentTraceContext { get; set; }
}

[DataContract]
public class EventSentEvent(int eventId) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.EventSent;

    [DataMember]
    public string InstanceId { get; set; }

    [DataMember]
    public string Name { get; set; }

    [DataMember]
    public string Input { get; set; }
}
