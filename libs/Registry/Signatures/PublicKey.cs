using System.Security.Cryptography;
using System.Text;

namespace Serverless.Registry.Signatures;

/// <summary>An ECDSA public key that versions or packages may be signed with; the curve says the hash (RFC 5758). Thread-safe.</summary>
internal sealed class PublicKey
{
    // RFC 5480: secp256r1, secp384r1, secp521r1.
    private static readonly Dictionary<string, HashAlgorithmName> HashOfCurve = new()
    {
        ["1.2.840.10045.3.1.7"] = HashAlgorithmName.SHA256,
        ["1.3.132.0.34"] = HashAlgorithmName.SHA384,
        ["1.3.132.0.35"] = HashAlgorithmName.SHA512,
    };

    private readonly byte[] _info;
    private readonly HashAlgorithmName _hash;

    private PublicKey(ECDsa key, HashAlgorithmName hash)
    {
        (_info, _hash) = (key.ExportSubjectPublicKeyInfo(), hash);
        Id = Convert.ToHexStringLower(SHA256.HashData(_info))[..16];
        Hint = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n")));
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public string Id { get; }

    /// <summary>SHA-256 of its PEM with the last end of line: what bundles name a key by.</summary>
    public string Hint { get; }

    /// <exception cref="CryptographicException"/>
    /// <exception cref="FormatException"/>
    public static PublicKey Read(string text)
    {
        using ECDsa key = ECDsa.Create();
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
        }
        else
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
        }
        return Of(key);
    }

    /// <exception cref="CryptographicException">It is of another curve.</exception>
    public static PublicKey Of(ECDsa key) => new(key, HashOf(key));

    /// <exception cref="CryptographicException">It is of another curve.</exception>
    public static HashAlgorithmName HashOf(ECDsa key)
    {
        Oid curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
        return HashOfCurve.TryGetValue(curve.Value ?? "", out HashAlgorithmName hash)
            ? hash
            : throw new CryptographicException($"it is of the curve {curve.FriendlyName ?? curve.Value ?? "without a name"}");
    }

    /// <summary>Null for a key that may be used, otherwise what is wrong with it.</summary>
    public static string? Fault(string text)
    {
        try
        {
            Read(text);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return $"cannot be read ({e.Message})";
        }
    }

    /// <summary>As <see cref="Fault"/>, for where P-256 alone is taken.</summary>
    public static string? FaultOfP256(string text) =>
        Fault(text) ?? (Read(text)._hash == HashAlgorithmName.SHA256 ? null : "is of another curve than P-256");

    /// <param name="signature">In DER, as openssl dgst -sign writes it.</param>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_info, out _);
        return key.VerifyData(data, signature, _hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
