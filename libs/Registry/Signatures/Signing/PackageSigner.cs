using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Serverless.Packages;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>Signs the files of a package as model.sig, which any verifier of OpenSSF Model Signing 1.0 reads.</summary>
public static class PackageSigner
{
    /// <param name="chain">The signer's certificate and those above it; none for a signature by the key alone.</param>
    /// <returns>The path of the signature, which takes the place of an earlier one.</returns>
    /// <exception cref="ModelRejectedException">The folder is no package.</exception>
    /// <exception cref="CryptographicException">The key has no private part, is of another curve, or is not the certificate's.</exception>
    public static async Task<string> SignAsync(
        string folder,
        ECDsa key,
        IReadOnlyList<X509Certificate2> chain,
        CancellationToken cancellationToken
    )
    {
        HashAlgorithmName hash = PublicKey.HashOf(key);
        if (chain.Count > 0)
        {
            using ECDsa? certified = chain[0].GetECDsaPublicKey();
            if (certified is null || PublicKey.Of(certified).Hint != PublicKey.Of(key).Hint)
            {
                throw new CryptographicException($"the certificate of '{chain[0].Subject}' is of another key");
            }
        }
        PackageFiles files = new(folder, ModelLimits.Default);
        ManifestFile[] signed =
        [
            .. (await files.HashAsync(cancellationToken)).Where(file =>
                file.Path is not (SigningBundle.FileName or RegistryLayout.ManifestFile)
                && !SigningStatement.IgnoredAlways.Contains(file.Path.Split('/')[0])
            ),
        ];
        if (signed.Length == 0)
        {
            throw files.Reject(".", "nothing to sign", "the files of a package");
        }
        byte[] payload = Statement(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), signed);
        byte[] signature = key.SignData(SigningBundle.EncodingOf(payload), hash, DSASignatureFormat.Rfc3279DerSequence);
        string path = files.FullPath(SigningBundle.FileName);
        await File.WriteAllTextAsync(path, Bundle(Material(key, chain), payload, signature).ToJsonString() + "\n", cancellationToken);
        return path;
    }

    /// <summary>The subject's digest is the SHA-256 of the files' digests one after the other (section 6.5.1).</summary>
    private static byte[] Statement(string name, IReadOnlyList<ManifestFile> files)
    {
        byte[] root = SHA256.HashData([.. files.SelectMany(file => Convert.FromHexString(file.Sha256))]);
        JsonObject statement = new()
        {
            ["_type"] = SigningStatement.Type,
            ["subject"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = name,
                    ["digest"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(root) },
                }
            ),
            ["predicateType"] = SigningStatement.PredicateType,
            ["predicate"] = new JsonObject
            {
                ["resources"] = new JsonArray([
                    .. files.Select(file => new JsonObject
                    {
                        ["name"] = file.Path,
                        ["digest"] = file.Sha256,
                        ["algorithm"] = SigningStatement.HashType,
                    }),
                ]),
                ["serialization"] = new JsonObject
                {
                    ["method"] = SigningStatement.Method,
                    ["hash_type"] = SigningStatement.HashType,
                    ["allow_symlinks"] = false,
                    ["ignore_paths"] = new JsonArray([
                        .. SigningStatement.IgnoredAlways.Append(RegistryLayout.ManifestFile).Append(SigningBundle.FileName),
                    ]),
                },
            },
        };
        return System.Text.Encoding.UTF8.GetBytes(statement.ToJsonString());
    }

    private static JsonObject Material(ECDsa key, IReadOnlyList<X509Certificate2> chain) =>
        chain.Count == 0
            ? new JsonObject
            {
                ["publicKey"] = new JsonObject { ["hint"] = PublicKey.Of(key).Hint },
                ["tlogEntries"] = new JsonArray(),
            }
            : new JsonObject
            {
                ["x509CertificateChain"] = new JsonObject
                {
                    ["certificates"] = new JsonArray([
                        .. chain.Select(one => new JsonObject { ["rawBytes"] = Convert.ToBase64String(one.RawData) }),
                    ]),
                },
                ["tlogEntries"] = new JsonArray(),
            };

    private static JsonObject Bundle(JsonObject material, byte[] payload, byte[] signature) =>
        new()
        {
            ["mediaType"] = SigningBundle.MediaType,
            ["verificationMaterial"] = material,
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = SigningBundle.PayloadType,
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(signature), ["keyid"] = "" }),
            },
        };
}
