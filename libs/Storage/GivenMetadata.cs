using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Storage;

/// <summary>
/// What the writer of an object says of it, as stores keep it in headers: <c>x-ms-meta-*</c>, <c>x-amz-meta-*</c>. Headers are ASCII;
/// what is not stands there as encoded words (RFC 2047, §2), as S3 itself answers, and is written so to Azure.
/// </summary>
public static partial class GivenMetadata
{
    public const int MaxEntries = 32;

    /// <summary>Of names and values; Azure keeps 8 KB, S3 2 KB.</summary>
    public const int MaxCharacters = 8_000;
    public const int MaxCharactersOfS3 = 2_000;

    private const int MaxNameCharacters = 128;

    /// <summary>Nothing is said.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The first entries by name, in lower case, within the bounds; null where there are none.</summary>
    public static IReadOnlyDictionary<string, string>? Read(IEnumerable<KeyValuePair<string, string>>? stored)
    {
        SortedDictionary<string, string> given = new(StringComparer.Ordinal);
        int characters = 0;
        foreach ((string name, string value) in (stored ?? []).OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase))
        {
            string text = Clean(EncodedWord().Replace(value ?? "", Decode));
            if (given.Count == MaxEntries || characters + name.Length + text.Length > MaxCharacters)
            {
                break;
            }
            if (name.Length is > 0 and <= MaxNameCharacters && given.TryAdd(Clean(name.ToLowerInvariant()), text))
            {
                characters += name.Length + text.Length;
            }
        }
        return given.Count == 0 ? null : given;
    }

    /// <summary>Null where a store can keep it, otherwise what is wrong with it.</summary>
    public static string? FaultOf(IReadOnlyDictionary<string, string> given, int maxCharacters = MaxCharacters)
    {
        if (given.Count > MaxEntries)
        {
            return $"There are {given.Count} entries of metadata; allowed are {MaxEntries}.";
        }
        if (given.Keys.FirstOrDefault(name => name.Length > MaxNameCharacters || !StoredName().IsMatch(name)) is { } bad)
        {
            return $"The name '{bad}' is none that stores keep; allowed are letters, digits and '_', with no digit first.";
        }
        int bytes = Write(given)?.Sum(one => one.Key.Length + one.Value.Length) ?? 0;
        return bytes <= maxCharacters ? null : $"The metadata has {bytes:N0} bytes; allowed are {maxCharacters:N0}.";
    }

    internal static Dictionary<string, string>? Write(IReadOnlyDictionary<string, string>? given) =>
        given is not { Count: > 0 } ? null : given.ToDictionary(one => one.Key, one => Encode(Clean(one.Value)));

    /// <summary>As headers of a request.</summary>
    internal static Dictionary<string, string> WriteHeaders(string prefix, IReadOnlyDictionary<string, string> given) =>
        (Write(given) ?? []).ToDictionary(one => prefix + one.Key, one => one.Value);

    private static string Encode(string value) =>
        Ascii.IsValid(value) && !EncodedWord().IsMatch(value)
            ? value
            : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";

    private static string Decode(Match word)
    {
        string text = word.Groups["text"].Value;
        try
        {
            return word.Groups["form"].Value is "B" or "b"
                ? Encoding.UTF8.GetString(Convert.FromBase64String(text))
                : Uri.UnescapeDataString(text.Replace('_', ' ').Replace("%", "%25").Replace('=', '%'));
        }
        catch (FormatException)
        {
            return word.Value;
        }
    }

    private static string Clean(string text) => string.Concat(text.Where(c => !char.IsControl(c))).Trim();

    [GeneratedRegex(@"=\?utf-8\?(?<form>[BQ])\?(?<text>[!->@-~]*)\?=", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex EncodedWord();

    // What Azure takes for a name: an identifier of C#.
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.NonBacktracking)]
    private static partial Regex StoredName();
}
