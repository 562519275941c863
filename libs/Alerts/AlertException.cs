namespace Serverless.Alerts;

public enum AlertFault
{
    /// <summary>What is asked for is not allowed.</summary>
    Invalid,
    Missing,

    /// <summary>It stands otherwise than whoever asks believes.</summary>
    Conflict,
}

/// <summary>Something that cannot be done to alerts as asked.</summary>
public sealed class AlertException(AlertFault fault, string message) : Exception(message)
{
    public AlertFault Fault { get; } = fault;
}
