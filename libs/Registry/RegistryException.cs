using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>What the registry will not do, and why; an entry point turns the fault into its own answer.</summary>
public sealed class RegistryException(RegistryFault fault, string message) : Exception(message)
{
    public RegistryFault Fault { get; } = fault;

    internal static RegistryException Missing(ModelVersion version) =>
        new(RegistryFault.Missing, $"Model '{version.Name}' has no version {version.Version}.");
}

public enum RegistryFault
{
    /// <summary>A name, version, environment or text that is not allowed.</summary>
    Invalid,

    /// <summary>There is no such model or version.</summary>
    Missing,

    /// <summary>Something else is there than the caller expected: compare-and-swap lost.</summary>
    Conflict,

    /// <summary>A version that serves, or served of late, is not deleted.</summary>
    Protected,

    /// <summary>The environment demands a signature that the version does not have.</summary>
    Unsigned,

    /// <summary>What is stored is not what was registered.</summary>
    Corrupt,
}
