using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Which of the stores is the registry's, and holds what is kept beside it.</summary>
public sealed record RegistryStore(IObjectStore Store);
