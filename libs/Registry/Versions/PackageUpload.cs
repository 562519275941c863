using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Puts a checked package's files under their version. Nothing there is ever written over.</summary>
internal sealed class PackageUpload(IObjectStore store)
{
    public Task RunAsync(PackageFiles files, ModelManifest manifest, CancellationToken cancellationToken) =>
        RunAsync(files.FullPath(""), manifest, cancellationToken);

    /// <param name="folder">Holds what the manifest lists.</param>
    public async Task RunAsync(string folder, ModelManifest manifest, CancellationToken cancellationToken)
    {
        foreach (ManifestFile file in manifest.Files)
        {
            await PutAsync(manifest.Id, file, Path.Combine(folder, file.Path), cancellationToken);
        }
    }

    public Task<bool> CommitAsync(ModelManifest manifest, CancellationToken cancellationToken) =>
        CommitAsync(manifest.Id, StoredJson.Write(manifest), cancellationToken);

    /// <summary>The manifest comes last: with it the version is there. False where another registration was first.</summary>
    public async Task<bool> CommitAsync(ModelVersion version, BinaryData manifest, CancellationToken cancellationToken)
    {
        try
        {
            using Stream body = manifest.ToStream();
            await store.WriteAsync(
                RegistryLayout.Manifest(version),
                body,
                WriteCondition.IfAbsent,
                StoredJson.ContentType,
                cancellationToken
            );
            return true;
        }
        catch (ObjectConflictException)
        {
            return false;
        }
    }

    private async Task PutAsync(ModelVersion version, ManifestFile file, string local, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream content = File.OpenRead(local);
            StoredObject stored = await store.WriteAsync(
                RegistryLayout.Package(version) + file.Path,
                content,
                WriteCondition.IfAbsent,
                "application/octet-stream",
                cancellationToken
            );
            if (stored.Length != file.Bytes)
            {
                throw new IOException(
                    $"{file.Path} of model {version} had {file.Bytes} bytes when it was checked and {stored.Length} when it was "
                        + $"stored; register again."
                );
            }
        }
        catch (ObjectConflictException)
        {
            // A registration of the same package is under way, or broke off here: the number is given to this digest alone.
        }
    }
}
