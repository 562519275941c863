namespace Serverless.Local.Queues;

/// <summary>A message as it is handed out: <paramref name="ReceiveCount"/> includes this time.</summary>
internal sealed record QueueMessage(
    long Sequence,
    string Id,
    string Body,
    DateTimeOffset Sent,
    DateTimeOffset FirstReceived,
    int ReceiveCount
);

/// <summary>How many messages there are.</summary>
/// <param name="Waiting">Those in flight included.</param>
internal sealed record QueueCounts(long Waiting, int InFlight, long DeadLetters);
