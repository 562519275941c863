using System.Text.Json;
using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>A manifest with the very bytes it is stored as, which are what is signed.</summary>
internal sealed record ManifestObject(ModelManifest Manifest, BinaryData Bytes)
{
    /// <summary>1,000 files of 300 bytes, 1,000 labels and 200 metrics stay far below.</summary>
    private const int MaxBytes = 8 << 20;

    public string Sha256 => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes));

    /// <exception cref="RegistryException">It is not a manifest of this version, or its digest is not that of its own list of
    /// files.</exception>
    public static async Task<ManifestObject?> ReadAsync(IObjectStore store, ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(RegistryLayout.Manifest(version), MaxBytes, cancellationToken) is { } content
                ? Parse(version, content.Data)
                : null;
        }
        catch (ObjectTooLargeException e)
        {
            throw Corrupt(version, $"has {e.Length} bytes, over the limit of {e.Limit}");
        }
    }

    private static ManifestObject Parse(ModelVersion version, BinaryData bytes)
    {
        try
        {
            var manifest = StoredJson.Read<ModelManifest>(bytes);
            if (manifest.Name != version.Name || manifest.Version != version.Version)
            {
                throw Corrupt(version, $"is of {manifest.Name}/{manifest.Version}");
            }
            if (manifest.Files.Select(f => f.Path).FirstOrDefault(p => PackagePath.Fault(p) is not null) is { } path)
            {
                throw Corrupt(version, $"names the file '{path}', which is none of a package");
            }
            string digest = PackageDigest.Of(manifest.Files);
            return digest == manifest.Digest
                ? new(manifest, bytes)
                : throw Corrupt(version, $"names the digest {manifest.Digest}, but its files make {digest}");
        }
        catch (JsonException e)
        {
            throw Corrupt(version, $"cannot be read: {e.Message}");
        }
    }

    private static RegistryException Corrupt(ModelVersion version, string what) =>
        new(RegistryFault.Corrupt, $"{RegistryLayout.ManifestFile} of model {version} {what}; it was changed after registration.");
}
