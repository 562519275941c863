using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Local.Stack.Backups;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the backup, as in the data folder, with '/'.</param>
/// <param name="Sha256">Of its content, in lower-case hex.</param>
public sealed record BackupFile(string Path, long Length, string Sha256);

/// <summary>A part of a backup, and when it was so.</summary>
/// <param name="Held">What it holds, for people.</param>
public sealed record BackupPartTime(string Name, DateTimeOffset AsOf, string Held);

/// <summary>The file <c>manifest.json</c> of a backup: what it holds, as of when, made by which versions.</summary>
/// <param name="Started">All that was confirmed before is in the backup.</param>
/// <param name="Digest">Over all the others, which tells a manifest that was changed; in version 1 over the list of files alone.</param>
public sealed record BackupManifest(
    string Format,
    int Version,
    DateTimeOffset Started,
    DateTimeOffset Finished,
    string App,
    string Azurite,
    string DurableProvider,
    IReadOnlyList<BackupPartTime> Parts,
    IReadOnlyList<BackupFile> Files,
    string Digest
)
{
    public const string FileName = "manifest.json";
    public const string FormatName = "serverless-backup";
    public const int FormatVersion = 2;

    private const int FilesAlone = 1; // the version whose digest is of the files alone
    private const long MaxBytes = 1L << 30;

    // The digest is of this JSON: with another encoder than that of older backups these would look damaged.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Length);

    /// <summary>
    /// SHA-256 in lower-case hex. What was lost since is asked for by the times: a manifest in which they were changed is no better than
    /// one with other files.
    /// </summary>
    private string ReadDigest() =>
        Version == FilesAlone
            ? DigestOf(Files)
            : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Digest = "" }, Json)));

    public BackupManifest Sealed() => this with { Digest = ReadDigest() };

    private static string DigestOf(IEnumerable<BackupFile> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BackupFile file in files)
        {
            hash.AppendData(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Path}\n{file.Length}\n{file.Sha256}\n"))
            );
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <exception cref="StackException">It is missing, damaged, or of another program or version.</exception>
    public static BackupManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new StackException($"{folder} is no backup: it has no {FileName}.");
        }
        if (new FileInfo(path).Length is > MaxBytes and long length)
        {
            throw new StackException($"{path} has {length} bytes; expected are at most {MaxBytes}.");
        }
        BackupManifest manifest;
        try
        {
            byte[] json = File.ReadAllBytes(path);
            CheckFormat(json, path);
            manifest = JsonSerializer.Deserialize<BackupManifest>(json, Json) ?? throw new JsonException("it is null");
            // The serializer looks at members alone.
            if (manifest.Files.Contains(null!) || manifest.Parts.Contains(null!))
            {
                throw new JsonException("a file or part is null");
            }
        }
        catch (JsonException e)
        {
            throw new StackException($"{path} is damaged: {e.Message}");
        }
        if (manifest.Files.FirstOrDefault(file => !BackupPart.Holds(file.Path)) is { } foreign)
        {
            throw new StackException($"{path} names '{foreign.Path}', which is no file of a backup.");
        }
        return manifest.ReadDigest() == manifest.Digest
            ? manifest
            : throw new StackException($"{path} is damaged: it has the digest {manifest.ReadDigest()}, expected {manifest.Digest}.");
    }

    /// <summary>First, since another version may have other members.</summary>
    private static void CheckFormat(byte[] json, string path)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        string? format = MemberOf(document, "format", JsonValueKind.String)?.GetString();
        if (format != FormatName)
        {
            throw new StackException($"{path} is of the format '{format}'; expected is '{FormatName}'.");
        }
        JsonElement? version = MemberOf(document, "version", JsonValueKind.Number);
        if (!(version is { } number && number.TryGetInt32(out int known) && known is >= FilesAlone and <= FormatVersion))
        {
            throw new StackException(
                $"{path} is of version {version?.GetRawText() ?? "''"} of the format; this program reads {FilesAlone} to {FormatVersion}."
            );
        }
    }

    private static JsonElement? MemberOf(JsonDocument document, string name, JsonValueKind kind) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out JsonElement member)
        && member.ValueKind == kind
            ? member
            : null;
}
