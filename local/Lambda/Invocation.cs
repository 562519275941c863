namespace Serverless.Local.Lambda;

/// <summary>One event on its way through a function. It ends once; what comes later changes nothing.</summary>
internal sealed class Invocation(string requestId, byte[] payload, DateTimeOffset deadline)
{
    private readonly TaskCompletionSource<InvocationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RequestId { get; } = requestId;

    public byte[] Payload { get; } = payload;

    public DateTimeOffset Deadline { get; } = deadline;

    public Task<InvocationOutcome> Outcome => _outcome.Task;

    /// <summary>False where it has ended before.</summary>
    public bool TryEnd(InvocationOutcome outcome) => _outcome.TrySetResult(outcome);
}

/// <summary>How an invocation ended: with an answer, or with an error.</summary>
internal sealed record InvocationOutcome(ReadOnlyMemory<byte> Answer, FunctionError? Error)
{
    public static InvocationOutcome Answered(ReadOnlyMemory<byte> answer) => new(answer, null);

    public static InvocationOutcome Failed(string type, string message) => new(default, new FunctionError(type, message));
}

/// <summary>An error as a function or its runtime reports it.</summary>
internal sealed record FunctionError(string Type, string Message);
