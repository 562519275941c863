using System.Runtime.Serialization;

namespace DurableTask.Core.History;

/// <summary>One fact in the life of an orchestration instance, in the order in which its code saw them.</summary>
[DataContract]
public abstract class HistoryEvent : IExtensibleDataObject
{
    protected HistoryEvent(int eventId) => EventId = eventId;

    /// <summary>The number of the decision that this event records, or -1.</summary>
    [DataMember]
    public int EventId { get; }

    [DataMember]
    public virtual EventType EventType { get; }

    [DataMember]
    public bool IsPlayed { get; set; }

    [DataMember]
    public DateTime Timestamp { get; set; }

    public ExtensionDataObject? ExtensionData { get; set; }
}
