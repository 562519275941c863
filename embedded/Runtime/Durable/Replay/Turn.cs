using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>What one turn of an execution came to.</summary>
/// <param name="Events">What to append to the history, in order: the turn's start, the events it was given, what it decided, how it ended.</param>
/// <param name="End">The last of them when the execution ended.</param>
internal sealed record Turn(IReadOnlyList<DurableEvent> Events, DurableEvent? End, bool IsSuspended, string? CustomStatus);
