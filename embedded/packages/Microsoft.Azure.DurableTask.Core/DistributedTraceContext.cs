using System.Runtime.Serialization;

namespace DurableTask.Core.Tracing;

/// <summary>A W3C trace parent and its state.</summary>
[DataContract]
public class DistributedTraceContext(string traceParent, string? traceState = null)
{
    [DataMember]
    public string TraceParent { get; set; } = traceParent;

    [DataMember]
    public string? TraceState { get; set; } = traceState;
}
