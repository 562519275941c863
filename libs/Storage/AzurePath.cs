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
        if (parsed.Key.Length > MaxKeyChars)
        {
            throw Refused(path, $"its key has {parsed.Key.Length} characters, over the limit of {MaxKeyChars}");
        }
        if (parsed.Key.EndsWith('/'))
        {
            throw Refused(path, "a key must not end in '/'");
        }
        if (parsed.Key.Split('/').Any(segment => segment is "." or ".."))
        {
            throw Refused(path, "HTTP clients resolve the segments '.' and '..' before they ask");
        }
        if (parsed.Key.Contains('\\'))
        {
            throw Refused(path, "a backslash would become a slash");
        }
        if (parsed.Key.EndsWith('.'))
        {
            throw Refused(path, "a key must not end in '.'");
        }
        if (parsed.Key.Any(char.IsControl))
        {
            throw Refused(path, "it holds control characters");
        }
        return parsed;
    }

    /// <summary>A prefix may stop within the key, and may name a container alone.</summary>
    public static AzurePath ParsePrefix(string prefix)
    {
        int slash = prefix.IndexOf('/', StringComparison.Ordinal);
        AzurePath parsed = slash < 0 ? new(prefix, "") : new(prefix[..slash], prefix[(slash + 1)..]);
        return IsContainerName(parsed.Container) ? parsed : throw Refused(prefix, "a prefix starts with the whole name of a container");
    }

    private static bool IsContainerName(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal);

    private static ObjectPathException Refused(string path, string reason) => new(AzureObjectStore.StoreName, path, reason);
}
