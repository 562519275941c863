using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Brings the files that a manifest lists, and no other, into a folder.</summary>
internal sealed class PackageDownload(IObjectStore store)
{
    public async Task RunAsync(ModelManifest manifest, string folder, CancellationToken cancellationToken)
    {
        foreach (ManifestFile file in manifest.Files)
        {
            string target = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                await using Stream content = await store.OpenAsync(
                    RegistryLayout.Package(manifest.Id) + file.Path,
                    version: null,
                    0,
                    cancellationToken
                );
                await using FileStream local = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                await CopyAsync(content, local, file, manifest.Id, cancellationToken);
            }
            catch (ObjectMissingException)
            {
                throw new RegistryException(
                    RegistryFault.Corrupt,
                    $"Model {manifest.Id} is not what was registered: {file.Path} is missing."
                );
            }
        }
    }

    /// <summary>Stops at the length that the manifest gives, so that what was put in its place cannot fill the disk.</summary>
    private static async Task CopyAsync(
        Stream content,
        Stream local,
        ManifestFile file,
        ModelVersion version,
        CancellationToken cancellationToken
    )
    {
        byte[] buffer = new byte[128 << 10];
        long copied = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; )
        {
            copied += read;
            if (copied > file.Bytes)
            {
                throw new RegistryException(
                    RegistryFault.Corrupt,
                    $"Model {version} is not what was registered: {file.Path} has more than its {file.Bytes} bytes."
                );
            }
            await local.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
