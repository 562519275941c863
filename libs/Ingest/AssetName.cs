namespace Serverless.Ingest;

/// <summary>Which names an upload may be given: those that every store keeps as they are and no reader mistakes for a path.</summary>
public static class AssetName
{
    /// <summary>Azure's limit for a blob's name; S3 counts 1,024 bytes instead, which the store itself checks.</summary>
    public const int MaxCharacters = 1024;

    /// <summary>The name below media/, which some stores keep in the key and others as the container.</summary>
    public static string Of(string container, string key) =>
        container != AssetLayout.MediaPrefix.TrimEnd('/') && key.StartsWith(AssetLayout.MediaPrefix, StringComparison.Ordinal)
            ? key[AssetLayout.MediaPrefix.Length..]
            : key;

    /// <summary>Null for a name that may be used, otherwise what is wrong with it.</summary>
    public static string? Fault(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "The name is empty; allowed are 1 to 1024 characters.";
        }
        if (name.Length > MaxCharacters)
        {
            return $"The name has {name.Length} characters; allowed are 1 to {MaxCharacters}.";
        }
        if (name.Any(char.IsControl))
        {
            return "The name holds a control character; allowed are printable ones.";
        }
        if (name.Contains('\\', StringComparison.Ordinal))
        {
            return "The name holds a backslash; folders are separated by '/'.";
        }
        if (name.EndsWith('.'))
        {
            return "The name ends with a dot, which Azure would drop.";
        }
        foreach (string segment in name.Split('/'))
        {
            if (segment.Length == 0)
            {
                return "The name holds an empty folder; allowed are names such as 'news/today.txt'.";
            }
            if (segment is "." or "..")
            {
                return $"The name holds the folder '{segment}'; allowed are names that stay below media/.";
            }
        }
        return null;
    }
}
