namespace Serverless.Validation.Golden;

public enum GoldenFault
{
    /// <summary>A line, name or size that is not allowed.</summary>
    Invalid,

    /// <summary>There is no such golden set.</summary>
    Missing,

    /// <summary>The pointer is another than the caller expected.</summary>
    Conflict,

    /// <summary>More bytes or lines than are allowed.</summary>
    TooLarge,
}

/// <summary>What cannot be done with a golden set, and why; the message names the line where there is one.</summary>
public sealed class GoldenException(GoldenFault fault, string message) : Exception(message)
{
    public GoldenFault Fault { get; } = fault;
}
