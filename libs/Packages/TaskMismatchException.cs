namespace Serverless.Packages;

/// <summary>
/// A package that may be sound, but is none for the task that its files suggest: its graph takes or gives other tensors, or its input is
/// prepared in ways that are not followed here. It can be taken as one of raw tensors.
/// </summary>
public sealed class TaskMismatchException(string message, string reason) : ModelRejectedException(message)
{
    /// <summary>What the message says after the name of the package.</summary>
    public string Reason { get; } = reason;
}
