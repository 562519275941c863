using System.ComponentModel.DataAnnotations;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>
/// Whose signatures of packages count when they are registered (model.sig, OpenSSF Model Signing 1.0). Where nobody is named, the files
/// are compared with what is signed, and who signed is not known.
/// </summary>
public sealed class SigningOptions : IValidatableObject
{
    /// <summary>ECDSA public keys of the curves P-256, P-384 and P-521, as PEM or as the base64 of their SubjectPublicKeyInfo.</summary>
    public string[] PublicKeys { get; set; } = [];

    /// <summary>Certificates, as PEM, up to one of which the chain of a signer must lead.</summary>
    public string[] Roots { get; set; } = [];

    /// <summary>Whether a package without a signature is refused; default false.</summary>
    public bool Required { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string fault in PublicKeys.Select(PublicKey.Fault).OfType<string>())
        {
            yield return new($"PublicKeys has a key that {fault}; allowed are ECDSA keys of P-256, P-384 and P-521 as PEM or base64.");
        }
        foreach (string fault in Roots.Select(SigningRoots.Fault).OfType<string>())
        {
            yield return new($"Roots has a certificate that {fault}; allowed are certificates as PEM.");
        }
        if (Required && PublicKeys.Length + Roots.Length == 0)
        {
            yield return new("Required is true, and neither PublicKeys nor Roots names anybody; one must.");
        }
    }
}
