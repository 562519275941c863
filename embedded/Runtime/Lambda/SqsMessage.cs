namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>A message as it is handed out: <paramref name="ReceiveCount"/> includes this time.</summary>
internal sealed record SqsMessage(
    long Sequence, string Id, string Body, DateTimeOffset Sent, DateTimeOffset FirstReceived, int ReceiveCount);
