namespace Serverless.Inference.Serving;

/// <summary>Who goes first where requests wait. Each one's turn comes: a lower priority queues later, not behind.</summary>
public enum RequestPriority
{
    Normal,
    High,
    Low,
}

/// <summary>
/// On what terms a request is made. An answer never comes after the deadline: from then on the request fails, and what has not run will
/// not.
/// </summary>
/// <param name="WaitsForRoom">Where the queue is full the request waits for room, until its deadline, instead of being refused.</param>
public readonly record struct RequestTerms(
    RequestPriority Priority = RequestPriority.Normal,
    DateTimeOffset? Deadline = null,
    bool WaitsForRoom = false
);
