namespace Serverless.Storage;

/// <summary>A path as Azure sees it: its first segment is the container, the rest the name of the blob.</summary>
internal readonly record struct AzurePath(string Container, string Key)
{
    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    private const int MaxKeyChars = 1024;

    /// <summary>The parts alone: whether a request may name them is for <see cref="Parse"/>.</summary>
    public static AzurePath Split(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && slash < path.Length - 1
            ? new(path[..slash], path[(slash + 1)..])
            : throw Refused(path, "it needs a container and a key, parted by '/'");
    }

    public static AzurePath Parse(string path)
    {
        AzurePath parsed = Split(path);
        if (!IsContainerName(parsed.Container))
        {
            throw Refused(path, $"'{parsed.Container}' is no container name: 3 to 63 lower-case letters, digits and single hyphens");
        }
        return parsed.KeyFault is { } fault ? throw Refused(path, fault) : parsed;
    }

    /// <summary>False for a key that a listing may show and no request can name. True for a path that is none at all.</summary>
    public static bool CanBeAskedFor(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 || !IsContainerName(path[..slash]) || new AzurePath(path[..slash], path[(slash + 1)..]).KeyFault is null;
    }

    private string? KeyFault =>
        Key.Length > MaxKeyChars ? $"its key has {Key.Length} characters, over the limit of {MaxKeyChars}"
        : Key.EndsWith('/') ? "a key must not end in '/'"
        : Key.Split('/').Any(segment => segment is "." or "..") ? "HTTP clients resolve the segments '.' and '..' before they ask"
        : Key.Contains('\\') ? "a backslash would become a slash"
        : Key.EndsWith('.') ? "a key must not end in '.'"
        : Key.Any(char.IsControl) ? "it holds control characters"
        : null;

    /// <summary>A prefix may stop within the key, and may name a container alone.</summary>
    public static AzurePath ParsePrefix(string prefix)
    {
        int slash = prefix.IndexOf('/', StringComparison.Ordinal);
        AzurePath parsed = slash < 0 ? new(prefix, "") : new(prefix[..slash], prefix[(slash + 1)..]);
        return IsContainerName(parsed.Container) ? parsed : throw Refused(prefix, "a prefix starts with the whole name of a container");
    }

    public static bool IsContainerName(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal);

    private static ObjectPathException Refused(string path, string reason) => new(AzureObjectStore.StoreName, path, reason);
}
