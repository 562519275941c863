using System.Text;
using Serverless.Storage;

namespace Serverless.Webhooks;

/// <summary>
/// The keys that sign between programs: base64 with or without the prefix <c>whsec_</c>, several of them apart by spaces or lines. What is
/// sent is signed with all of them, and what comes is taken by any, so that a key is changed by adding the new one everywhere and taking
/// the former away everywhere. Those of a file are read again when it has changed. Thread-safe.
/// </summary>
public sealed class SigningKeys
{
    private const int MostKeys = 4;
    private const int MostCharacters = 4_096;
    private const int MinKeyBytes = 24; // the least of Standard Webhooks
    private const string Prefix = "whsec_";

    private readonly Followed<byte[][]> _keys;

    private SigningKeys(Followed<byte[][]> keys) => _keys = keys;

    /// <exception cref="ArgumentException">Something of it is no key.</exception>
    public static SigningKeys Of(string keys) => new(Followed<byte[][]>.Constant(Parse(keys)));

    /// <exception cref="ArgumentException">The file is not there, or something in it is no key.</exception>
    public static SigningKeys FromFile(string path) =>
        new(Followed<byte[][]>.File(path, MostCharacters, content => Parse(Encoding.UTF8.GetString(content).TrimStart('\uFEFF'))));

    /// <summary>As they are now; the first is the one that was there first.</summary>
    public IReadOnlyList<byte[]> Current => _keys.Current;

    private static byte[][] Parse(string text)
    {
        string[] parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length is > 0 and <= MostKeys
            ? [.. parts.Select(ParseOne)]
            : throw new ArgumentException($"There are {parts.Length} signing keys; allowed are 1 to {MostKeys}.", nameof(text));
    }

    private static byte[] ParseOne(string text)
    {
        string encoded = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        byte[] key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out int length) && length >= MinKeyBytes
            ? key[..length]
            : throw new ArgumentException($"A signing key must be the base64 of at least {MinKeyBytes} bytes.", nameof(text));
    }
}
