using System.Collections.Frozen;

namespace Serverless.Ingest.Sources;

/// <summary>
/// Which objects a source wants, by their names alone, since a listing tells no more: "text", "image" and "video" stand for the extensions
/// that files of the kind usually have, ".jpg" for itself. What an object is, its bytes say when it is admitted.
/// </summary>
internal static class TypeFilter
{
    private const int MaxExtensionCharacters = 16;

    private static readonly FrozenDictionary<string, FrozenSet<string>> Kinds = new Dictionary<string, string[]>
    {
        // Subtitles are texts, also those beside a film.
        ["text"] = [".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".srt", ".vtt"],
        ["image"] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"],
        ["video"] = [".mp4", ".m4v", ".mov", ".webm", ".mkv"],
    }.ToFrozenDictionary(kind => kind.Key, kind => kind.Value.ToFrozenSet(StringComparer.Ordinal));

    public static bool Admits(IReadOnlyList<string> types, string key)
    {
        if (types.Count == 0)
        {
            return true;
        }
        string extension = ExtensionOf(key);
        return types.Any(type => Kinds.TryGetValue(type, out FrozenSet<string>? kind) ? kind.Contains(extension) : type == extension);
    }

    /// <summary>Null for a type that may be used, otherwise what is wrong with it.</summary>
    public static string? Fault(string type) =>
        Kinds.ContainsKey(type) || IsExtension(type)
            ? null
            : $"is '{SourceRules.Excerpt(type)}'; allowed are {string.Join(", ", Kinds.Keys.Order())} and extensions such as '.jpg'.";

    private static bool IsExtension(string type) =>
        type.Length is > 1 and <= MaxExtensionCharacters
        && type[0] == '.'
        && type.Skip(1).All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private static string ExtensionOf(string key)
    {
        int dot = key.LastIndexOf('.');
        return dot > key.LastIndexOf('/') ? key[dot..].ToLowerInvariant() : "";
    }
}
