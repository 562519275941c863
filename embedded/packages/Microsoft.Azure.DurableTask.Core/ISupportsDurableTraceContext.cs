using DurableTask.Core.Tracing;

namespace DurableTask.Core;

/// <summary>An event that carries the trace it came with.</summary>
public interface ISupportsDurableTraceContext
{
#nullable disable annotations
    DistributedTraceContext ParentTraceContext { get; set; }
#nullable restore annotations
}
