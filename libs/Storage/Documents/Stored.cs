namespace Serverless.Storage;

/// <summary>A document as it stood when it was read or written.</summary>
public sealed record Stored<T>(T Value, StoredObject Object)
{
    /// <summary>The ETag by which it is swapped.</summary>
    public string Tag => Object.Version;
}

/// <summary>What most likely stands: null where there is no document yet. It spares an update its first read.</summary>
public sealed record DocumentGuess<T>(Stored<T>? Document);
