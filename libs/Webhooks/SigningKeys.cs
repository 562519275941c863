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

    private readonly string? _file;
    private Known _known; // replaced as a whole

    private SigningKeys(string? file, Known known) => (_file, _known) = (file, known);

    /// <exception cref="ArgumentException">Something of it is no key.</exception>
    public static SigningKeys Of(string keys) => new(null, new Known(Parse(keys), default, 0));

    /// <exception cref="ArgumentException">The file is not there, or something in it is no key.</exception>
    public static SigningKeys FromFile(string path)
    {
        FileInfo file = new(path);
        return file.Exists
            ? new(path, Read(file))
            : throw new ArgumentException($"There is no file {path}, which should hold a signing key.", nameof(path));
    }

    /// <summary>As they are now; the first is the one that was there first.</summary>
    public IReadOnlyList<byte[]> Current
    {
        get
        {
            Known known = Volatile.Read(ref _known);
            if (_file is null || new FileInfo(_file) is not { Exists: true } file || known.IsOf(file))
            {
                return known.Keys;
            }
            try
            {
                known = Read(file);
            }
            catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
            {
                // The former keys hold until the file can be read, as while somebody writes it.
                return known.Keys;
            }
            Volatile.Write(ref _known, known);
            return known.Keys;
        }
    }

    private static Known Read(FileInfo file) =>
        file.Length <= MostCharacters
            ? new Known(Parse(File.ReadAllText(file.FullName)), file.LastWriteTimeUtc, file.Length)
            : throw new ArgumentException($"{file.FullName} has {file.Length} bytes; allowed are {MostCharacters}.", nameof(file));

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

    private sealed record Known(byte[][] Keys, DateTime Written, long Length)
    {
        public bool IsOf(FileInfo file) => file.LastWriteTimeUtc == Written && file.Length == Length;
    }
}
