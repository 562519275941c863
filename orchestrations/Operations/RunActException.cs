namespace Serverless.Orchestrations.Operations;

public enum RunActFault
{
    /// <summary>What is asked for can never be done.</summary>
    Invalid,
    Missing,

    /// <summary>The run stands otherwise than it must, or somebody else does such things.</summary>
    Conflict,
}

/// <summary>Something that cannot be done to a run as asked; nothing was done.</summary>
public sealed class RunActException(RunActFault fault, string message) : Exception(message)
{
    public RunActFault Fault { get; } = fault;
}
