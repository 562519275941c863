namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger knows about its event, by name.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
