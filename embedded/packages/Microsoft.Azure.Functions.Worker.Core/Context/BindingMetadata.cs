namespace Microsoft.Azure.Functions.Worker;

public enum BindingDirection
{
    In,
    Out,
}

/// <summary>One join of a function to the outside: its name, its type (such as <c>httpTrigger</c>) and its direction.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }

    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}
