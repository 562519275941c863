using Serverless.Runs;

namespace Serverless.Functions.Azure.Graph;

/// <summary>The app's functions and what they did in a time.</summary>
/// <param name="From">Absent where the whole index of runs is meant.</param>
/// <param name="CallsSince">Calls of functions that are no orchestrations or activities are those of this process from then on, of the last
/// day at most.</param>
/// <param name="Incomplete">What may be missing, for people; absent where nothing is.</param>
internal sealed record GraphAnswer(
    DateTimeOffset? From,
    DateTimeOffset To,
    DateTimeOffset CallsSince,
    IReadOnlyList<GraphNode> Nodes,
    IReadOnlyList<RunEdge> Edges,
    string? Incomplete
);

/// <summary>A function, or a queue or container that it listens to.</summary>
/// <param name="Id">The name of the function; "queue:…" or "blob:…" of what it listens to.</param>
/// <param name="Kind">Of the trigger: "http", "timer", "queue", "blob", "orchestration", "activity"; "source" for what is listened
/// to.</param>
/// <param name="Detail">A method and route, a schedule, a queue, a path of blobs; of an orchestration the routes or settings that alone
/// start runs of it, empty where an operator may.</param>
/// <param name="Count">Runs of an orchestration that were created in the time; how often runs created in it asked for an activity; else how
/// often the function was called.</param>
/// <param name="Failed">Of those.</param>
/// <param name="Open">Runs that have not ended.</param>
/// <param name="Waiting">Messages of a queue, now.</param>
/// <param name="IsGone">Runs of the time name it, and the app has it no longer.</param>
internal sealed record GraphNode(
    string Id,
    string Kind,
    string Detail,
    int Count,
    int Failed,
    int? Open = null,
    long? Waiting = null,
    bool IsGone = false
);
