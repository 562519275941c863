using System.Security.Cryptography;

namespace Serverless.Registry.Signatures;

/// <summary>An ECDSA P-256 key that versions may be signed with; thread-safe.</summary>
internal sealed class PublicKey
{
    // RFC 5480: the named curve secp256r1.
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly byte[] _info;

    private PublicKey(byte[] info) => (_info, Id) = (info, Convert.ToHexStringLower(SHA256.HashData(info))[..16]);

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public string Id { get; }

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
        return key.ExportParameters(false).Curve.Oid.Value == P256
            ? new(key.ExportSubjectPublicKeyInfo())
            : throw new CryptographicException("it is of another curve than P-256");
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

    /// <summary>Signatures are DER as `openssl dgst -sha256 -sign` writes them.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_info, out _);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
