using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Serverless.Ingest;

/// <summary>
/// One version of one uploaded object. Every id derives from it, so whoever meets the same upload again (a repeated event, a
/// late one, the reconcile) arrives at the same ledger entry, the same run and the same analysis document.
/// </summary>
/// <param name="Store">Name of the store it lies in.</param>
/// <param name="Version">The ETag without quotes, which events, listings and conditional reads all carry.</param>
public sealed record AssetSource(
    [AllowedValues("azure", "s3")] string Store,
    [MinLength(1)] string Container,
    [MinLength(1)] string Key,
    [MinLength(1), Description("The ETag without quotes.")] string Version
)
{
    private const int AssetIdLength = 26;
    private const int VersionIdLength = 13;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>130 bits name the object whatever its version: 26 characters that suit any path, key or id.</summary>
    [JsonIgnore]
    public string AssetId => Digest($"{Store}\n{Container}\n{Key}", AssetIdLength);

    /// <summary>65 bits name the version among those of one asset.</summary>
    [JsonIgnore]
    public string VersionId => Digest(Version, VersionIdLength);

    /// <summary>The run that analyses this version; a redrive is a new run, since an ended one keeps its id.</summary>
    public string InstanceId(int run = 1) => run == 1 ? $"{AssetId}-{VersionId}" : $"{AssetId}-{VersionId}-r{run}";

    /// <summary>130 bits name bytes, wherever they lie; of the form of an <see cref="AssetId"/>.</summary>
    public static string ContentIdOf(string sha256) => Digest(sha256, AssetIdLength);

    /// <summary>Whether a text has the form of an <see cref="AssetId"/>, so that it may be part of a path.</summary>
    public static bool IsAssetId(string text) => text.Length == AssetIdLength && text.All(Alphabet.Contains);

    /// <summary>The first characters of the SHA-256 in lower-case base32 (RFC 4648, without padding).</summary>
    private static string Digest(string text, int characters)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return string.Create(characters, hash, static (destination, hash) =>
        {
            for (int i = 0; i < destination.Length; i++)
            {
                int bit = i * 5;
                int pair = hash[bit / 8] << 8 | hash[bit / 8 + 1];
                destination[i] = Alphabet[pair >> (11 - bit % 8) & 31];
            }
        });
    }
}
