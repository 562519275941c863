namespace Serverless.Storage;

/// <summary>An answer of a store that a caller may want to act on. Everything else surfaces as the SDK's exception.</summary>
public abstract class ObjectException(string path, string message, Exception? inner) : Exception(message, inner)
{
    public string Path { get; } = path;
}

public sealed class ObjectMissingException(string store, string path, Exception? inner = null)
    : ObjectException(path, $"Store '{store}' has no object '{path}'.", inner);

public sealed class ObjectChangedException(string store, string path, string version, Exception? inner = null)
    : ObjectException(path, $"Object '{path}' in store '{store}' is no longer version '{version}'.", inner)
{
    public string ExpectedVersion { get; } = version;
}

/// <summary>It lies in an archive, whose objects are restored before they are read.</summary>
public sealed class ObjectArchivedException(string store, string path, Exception? inner = null)
    : ObjectException(path, $"Object '{path}' in store '{store}' is archived; it is read once it is restored.", inner);

public sealed class ObjectConflictException(string store, string path, WriteCondition condition, Exception? inner = null)
    : ObjectException(path, $"Object '{path}' in store '{store}' was not written: the condition '{condition}' does not hold.", inner)
{
    public WriteCondition Condition { get; } = condition;
}

public sealed class ObjectTooLargeException(string store, string path, long length, long limit)
    : ObjectException(path, $"Object '{path}' in store '{store}' has {length} bytes, over the limit of {limit}.", null)
{
    public long Length { get; } = length;

    public long Limit { get; } = limit;
}

/// <summary>The store cannot hold an object of this name.</summary>
public sealed class ObjectPathException(string store, string path, string reason)
    : ObjectException(path, $"Store '{store}' cannot hold the path '{path}': {reason}.", null);

/// <summary>A container or bucket that is not there, or refuses to be listed.</summary>
public sealed class ContainerException(string store, string container, string reason, Exception? inner = null)
    : ObjectException(container, $"Store '{store}' gives no listing of '{container}': {reason}.", inner);

/// <summary>A document was changed by others each time that it was to be changed.</summary>
public sealed class DocumentContendedException(string store, string path, int tries)
    : ObjectException(
        path,
        $"Object '{path}' in store '{store}' was changed by others in each of {tries} tries to change it; try again.",
        null
    )
{
    public int Tries { get; } = tries;
}
