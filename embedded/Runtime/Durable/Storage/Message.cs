using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>An event on its way to an instance.</summary>
/// <param name="InboxId">Its row in the inbox, or null for an activity's result, which is kept by the activity's own row until a turn has taken it.</param>
/// <param name="Generation">The execution it is meant for; null for whichever is current.</param>
internal sealed record Message(string InstanceId, int? Generation, DurableEvent Event, DateTime DueAt, long? InboxId);

/// <summary>An activity to be run: at least once, until a turn has taken its result.</summary>
internal sealed record ActivityWork(string InstanceId, int Generation, int TaskId, string Name, string Version, string? Input)
{
    /// <summary>The trace that the instance belongs to; null where there is none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What became due by a commit.</summary>
internal sealed record Outbox(IReadOnlyList<Message> Messages, IReadOnlyList<ActivityWork> Activities)
{
    public static readonly Outbox Empty = new([], []);
}
