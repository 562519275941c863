namespace Serverless.Packages;

/// <summary>Compares a folder with a manifest: the same files, no more, each of the same bytes.</summary>
public static class PackageCheck
{
    /// <summary>Null where they agree, otherwise the first difference.</summary>
    public static async Task<string?> FindFaultAsync(string folder, ModelManifest manifest, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return "it has no folder.";
        }
        Dictionary<string, ManifestFile> expected = manifest.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (entry.LinkTarget is not null)
            {
                return $"{path} is a link.";
            }
            if (RegularFile.FindOther(entry.FullName) is { } other)
            {
                return $"{path} is {other}.";
            }
            if (entry is FileInfo && !expected.ContainsKey(path))
            {
                return $"{path} is not in the manifest.";
            }
        }
        foreach (ManifestFile file in manifest.Files)
        {
            var found = new FileInfo(Path.Combine(folder, file.Path));
            if (!found.Exists)
            {
                return $"{file.Path} is missing.";
            }
            if (found.Length != file.Bytes)
            {
                return $"{file.Path} has {found.Length} bytes, where the manifest says {file.Bytes}.";
            }
            string sha256 = await PackageDigest.OfFileAsync(found.FullName, cancellationToken);
            if (sha256 != file.Sha256)
            {
                return $"{file.Path} has the SHA-256 {sha256}, where the manifest says {file.Sha256}.";
            }
        }
        return null;
    }
}
