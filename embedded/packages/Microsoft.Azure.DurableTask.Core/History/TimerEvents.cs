using System.Runtime.Serialization;

namespace DurableTask.Core.History;

[DataContract]
public class TimerCreatedEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.TimerCreated;

    [DataMember]
    public DateTime FireAt { get; set; } = fireAt;
}

[DataContract]
public class TimerFiredEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.TimerFired;

    [DataMember]
    public int TimerId { get; set; }

    [DataMember]
    public DateTime FireAt { get; set; } = fireAt;
}
