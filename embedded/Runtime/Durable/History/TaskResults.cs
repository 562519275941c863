using Microsoft.DurableTask;

namespace Serverless.Embedded.Runtime.Durable.History;

/// <summary>The answer to the decision of the same number.</summary>
internal abstract record TaskResult(int Id) : DurableEvent;

internal sealed record ActivityCompleted(int Id, string? Output) : TaskResult(Id);

internal sealed record ActivityFailed(int Id, TaskFailureDetails Failure) : TaskResult(Id);

internal sealed record ChildCompleted(int Id, string? Output) : TaskResult(Id);

internal sealed record ChildFailed(int Id, TaskFailureDetails Failure) : TaskResult(Id);

internal sealed record TimerFired(int Id, DateTime FireAt) : TaskResult(Id);
