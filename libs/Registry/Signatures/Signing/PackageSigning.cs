using Serverless.Packages;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>Verifies the signature that a package brings, without a network. Thread-safe.</summary>
internal sealed class PackageSigning
{
    private readonly PublicKey[] _keys;
    private readonly SigningRoots _roots;
    private readonly bool _isRequired;

    public PackageSigning(SigningOptions options) =>
        (_keys, _roots, _isRequired) = ([.. options.PublicKeys.Select(PublicKey.Read)], new(options.Roots), options.Required);

    /// <summary>Null of a package without a signature.</summary>
    /// <exception cref="ModelRejectedException">It is not what was signed, or was signed by nobody who is trusted.</exception>
    public async Task<PackageSignature?> CheckAsync(
        PackageFiles files,
        IReadOnlyList<ManifestFile> hashes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!files.Lengths.TryGetValue(SigningBundle.FileName, out long length))
        {
            return _isRequired
                ? throw files.Reject(SigningBundle.FileName, "no such file", "a signature, which the registry demands")
                : null;
        }
        if (length > SigningBundle.MaxBytes)
        {
            throw files.Reject(SigningBundle.FileName, $"{length} bytes", $"at most {SigningBundle.MaxBytes}");
        }
        try
        {
            SigningBundle bundle = SigningBundle.Read(
                await File.ReadAllBytesAsync(files.FullPath(SigningBundle.FileName), cancellationToken)
            );
            PackageSignature signature = Verify(bundle, now);
            SigningStatement.Read(bundle.Payload).Check(hashes);
            return signature;
        }
        catch (SignatureFaultException e)
        {
            throw files.Reject(e.File, e.Found, e.Expected, e);
        }
    }

    private PackageSignature Verify(SigningBundle bundle, DateTimeOffset now)
    {
        string method = bundle.Certificates.Count > 0 ? "certificate" : "key";
        if (_keys.Length + _roots.Count == 0)
        {
            return new PackageSignature(method, null, IsVerified: false);
        }
        byte[] signed = bundle.SignedBytes();
        if (bundle.Certificates.Count > 0)
        {
            (PublicKey key, string subject) = _roots.Check(bundle.Certificates, now);
            return key.Verify(signed, bundle.Signature)
                ? new PackageSignature(method, subject, IsVerified: true)
                : throw Fault($"a signature that the key of '{subject}' did not make over the statement", "one that it made");
        }
        if (_keys.FirstOrDefault(key => key.Verify(signed, bundle.Signature)) is { } signer)
        {
            return new PackageSignature(method, signer.Hint, IsVerified: true);
        }
        throw Fault(
            _keys.Any(key => key.Hint == bundle.KeyHint)
                ? $"a signature that the key {bundle.KeyHint} did not make over the statement"
                : $"a signature by the key {bundle.KeyHint ?? "without a name"}",
            $"one by one of the {_keys.Length} trusted keys ({string.Join(", ", _keys.Select(key => key.Hint[..16]))})"
        );
    }

    private static SignatureFaultException Fault(string found, string expected) => new(SigningBundle.FileName, found, expected);
}
