namespace Serverless.Local.Durable.Storage;

/// <summary>An instance in a worker's hand. A completion counts only while the worker and the fence are those of the row.</summary>
internal sealed record ClaimedTurn(string InstanceId, long Worker, long Fence, int Attempts, long HistoryLength);

/// <summary>An activity in a worker's hand.</summary>
internal sealed record ClaimedActivity(long Id, long Worker, int Attempts, string InstanceId, string? ExecutionId, string Message);
