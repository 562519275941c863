namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Why a function runs, and with what.</summary>
/// <param name="Reason">For the log: what happened, without payload.</param>
/// <param name="Value">What the trigger delivered, in its own type.</param>
internal sealed record TriggerEvent(string Reason, object? Value, IReadOnlyDictionary<string, object?> BindingData)
{
    /// <summary>How often this event was delivered before; 0 at its first delivery.</summary>
    public int RetryCount { get; init; }

    public int? MaxRetryCount { get; init; }

    /// <summary>W3C traceparent of what caused the event; null where it is the current activity, or nothing.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Attaches what the trigger offers beyond values, before middleware sees the context.</summary>
    public Action<InvocationContext>? Prepare { get; init; }

    /// <summary>Uses the result while the invocation's services still live.</summary>
    public Func<InvocationContext, Task>? Complete { get; init; }
}
