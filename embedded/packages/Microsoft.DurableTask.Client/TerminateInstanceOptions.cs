namespace Microsoft.DurableTask.Client;

/// <summary>The output a terminated instance is given, and whether its sub-orchestrations end with it.</summary>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
