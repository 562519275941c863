namespace Serverless.Unit.Orchestrations.Running;

/// <summary>One activity that an orchestration asked for.</summary>
internal sealed record ActivityInvocation(string InstanceId, int TaskId, string Name, string? Input);
