#nullable disable
using System.Runtime.Serialization;

namespace DurableTask.Core;

/// <summary>An instance, and which of its executions when it continues as new.</summary>
[DataContract]
public class OrchestrationInstance : IExtensibleDataObject
{
    [DataMember]
    public string InstanceId { get; set; }

    [DataMember]
    public string ExecutionId { get; set; }

    public ExtensionDataObject ExtensionData { get; set; }

    public override int GetHashCode() => HashCode.Combine(InstanceId, ExecutionId);

    public override string ToString() => $"[InstanceId: {InstanceId}, ExecutionId: {ExecutionId}]";
}

/// <summary>The caller of a sub-orchestration.</summary>
[DataContract]
public class ParentInstance : IExtensibleDataObject
{
    [DataMember]
    public string Name;

    [DataMember]
    public string Version;

    [DataMember]
    public OrchestrationInstance OrchestrationInstance;

    [DataMember]
    public int TaskScheduleId;

    public ExtensionDataObject ExtensionData { get; set; }
}
