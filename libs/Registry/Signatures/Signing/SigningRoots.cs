using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>Certificates that are trusted, and whether a signer's chain leads up to one of them; nothing is asked of a network.</summary>
internal sealed class SigningRoots(IEnumerable<string> roots)
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3"; // RFC 5280, 4.2.1.12

    private readonly X509Certificate2[] _roots = [.. roots.Select(root => X509Certificate2.CreateFromPem(root))];

    public int Count => _roots.Length;

    /// <summary>Null for a certificate that may be used, otherwise what is wrong with it.</summary>
    public static string? Fault(string text)
    {
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(text);
            return null;
        }
        catch (CryptographicException e)
        {
            return $"cannot be read ({e.Message})";
        }
    }

    /// <param name="chain">DER, the signer's first.</param>
    /// <exception cref="SignatureFaultException">It leads to none of the roots, is out of date, or is not for signing.</exception>
    public (PublicKey Key, string Subject) Check(IReadOnlyList<byte[]> chain, DateTimeOffset at)
    {
        X509Certificate2Collection certificates = Load(chain);
        using X509Chain found = new();
        found.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        found.ChainPolicy.CustomTrustStore.AddRange(_roots);
        found.ChainPolicy.ExtraStore.AddRange(certificates);
        found.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        found.ChainPolicy.DisableCertificateDownloads = true;
        found.ChainPolicy.VerificationTime = at.UtcDateTime;
        X509Certificate2 signer = certificates[0];
        if (!found.Build(signer))
        {
            throw Fault(
                $"a certificate of '{signer.Subject}' whose chain does not hold at {at.UtcDateTime:u} ("
                    + string.Join("; ", found.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct())
                    + ")",
                $"one that leads to one of the {Count} trusted roots (Registry:Signing:Roots)"
            );
        }
        if (!MaySign(signer))
        {
            throw Fault($"a certificate of '{signer.Subject}' that is not for signing", "the usage digitalSignature or code signing");
        }
        using ECDsa key = signer.GetECDsaPublicKey() ?? throw Fault($"a key of {signer.PublicKey.Oid.FriendlyName}", "an ECDSA key");
        try
        {
            return (PublicKey.Of(key), signer.Subject);
        }
        catch (CryptographicException e)
        {
            throw Fault($"a key of which {e.Message}", "P-256, P-384 or P-521");
        }
    }

    private static X509Certificate2Collection Load(IReadOnlyList<byte[]> chain)
    {
        X509Certificate2Collection certificates = [];
        foreach (byte[] der in chain)
        {
            try
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(der));
            }
            catch (CryptographicException e)
            {
                throw Fault($"a certificate that cannot be read ({e.Message})", "certificates in DER");
            }
        }
        return certificates;
    }

    private static bool MaySign(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().Any(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        || certificate
            .Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == CodeSigning));

    private static SignatureFaultException Fault(string found, string expected) => new(SigningBundle.FileName, found, expected);
}
