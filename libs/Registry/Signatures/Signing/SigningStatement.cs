using System.Text.Json;
using Serverless.Packages;
using static Serverless.Registry.Signatures.Signing.SigningBundle;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>
/// Which files of which bytes were signed: an in-toto statement with the predicate of model signing (specification 1.0, section 5).
/// </summary>
/// <param name="Digests">SHA-256 by path.</param>
internal sealed record SigningStatement(IReadOnlyDictionary<string, string> Digests, IReadOnlyList<string> Ignored)
{
    public const string Type = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://model_signing/signature/v1.0";
    public const string Method = "files";
    public const string HashType = "sha256";

    /// <summary>What of git's own is never signed (section 6.2).</summary>
    public static readonly string[] IgnoredAlways = [".git", ".gitattributes", ".github", ".gitignore"];

    /// <summary>The registry's own file, which is no part of a package; one that was signed may be left out of it.</summary>
    private const string ManifestFile = RegistryLayout.ManifestFile;

    /// <exception cref="SignatureFaultException"/>
    public static SigningStatement Read(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = Parse(payload);
        JsonElement statement = document.RootElement;
        Demand("statement", Text(statement, "_type"), Type);
        Demand("predicate", Text(statement, "predicateType"), PredicateType);
        JsonElement predicate = Member(statement, "predicate");
        JsonElement serialization = Member(predicate, "serialization");
        Demand("serialization", Text(serialization, "method"), Method);
        Demand("hash", Text(serialization, "hash_type"), HashType);
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (JsonElement resource in Items(predicate, "resources"))
        {
            string name = Text(resource, "name");
            if (PackagePath.Fault(name) is { } fault)
            {
                throw new SignatureFaultException(FileName, fault, "paths inside the package");
            }
            Demand($"hash of {name}", Text(resource, "algorithm"), HashType);
            if (!digests.TryAdd(name, Text(resource, "digest")))
            {
                throw new SignatureFaultException(FileName, $"the file {name} twice", "each once");
            }
        }
        return new SigningStatement(digests, ReadIgnored(serialization));
    }

    /// <exception cref="SignatureFaultException">A file is missing, is not signed, or is of other bytes.</exception>
    public void Check(IReadOnlyList<ManifestFile> files)
    {
        Dictionary<string, string> left = new(Digests, StringComparer.Ordinal);
        foreach (ManifestFile file in files.Where(file => file.Path != FileName && !IsOf(IgnoredAlways, file.Path)))
        {
            if (!left.Remove(file.Path, out string? signed))
            {
                throw IsOf(Ignored, file.Path)
                    ? new SignatureFaultException(file.Path, "a file that the signature leaves out", "none that is unsigned")
                    : new SignatureFaultException(file.Path, $"a file that {FileName} does not list", "those it lists");
            }
            if (!signed.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                throw new SignatureFaultException(file.Path, $"the SHA-256 {file.Sha256}", $"{signed}, as it was signed");
            }
        }
        left.Remove(ManifestFile);
        if (left.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new SignatureFaultException(missing, "no such file", $"it, since {FileName} lists it");
        }
    }

    private static IReadOnlyList<string> ReadIgnored(JsonElement serialization) =>
        serialization.TryGetProperty("ignore_paths", out JsonElement ignored) && ignored.ValueKind == JsonValueKind.Array
            ? [.. ignored.EnumerateArray().Where(path => path.ValueKind == JsonValueKind.String).Select(path => path.GetString()!)]
            : [];

    /// <summary>A path, or what lies below it.</summary>
    private static bool IsOf(IReadOnlyList<string> paths, string file) =>
        paths.Any(path => file == path || file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static void Demand(string what, string found, string expected)
    {
        if (found != expected)
        {
            throw new SignatureFaultException(FileName, $"the {what} '{found}'", expected);
        }
    }
}
