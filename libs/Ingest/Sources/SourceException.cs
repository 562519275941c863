namespace Serverless.Ingest.Sources;

public enum SourceFault
{
    /// <summary>What is asked for is not allowed.</summary>
    Invalid,
    Missing,

    /// <summary>It stands otherwise than whoever asks believes.</summary>
    Conflict,
}

/// <summary>Something that cannot be done to sources as asked.</summary>
public sealed class SourceException(SourceFault fault, string message) : Exception(message)
{
    public SourceFault Fault { get; } = fault;
}
