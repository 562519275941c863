using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>
/// The names in a package that are the registry's own. A package may bring a manifest.json that lists its files as the registry's does,
/// for instance one that was taken out of a registry: then it must hold exactly those. A new manifest takes its place.
/// </summary>
internal static class PackedManifest
{
    private static readonly string[] OwnFolders = [RegistryLayout.ReportsFolder + "/", RegistryLayout.SignaturesFolder + "/"];

    /// <summary>The files that make the package.</summary>
    /// <exception cref="ModelRejectedException">A file has a name of ours, is not listed, or is not what is listed.</exception>
    public static IReadOnlyList<ManifestFile> Check(PackageFiles files, IReadOnlyList<ManifestFile> found)
    {
        if (found.FirstOrDefault(f => OwnFolders.Any(o => f.Path.StartsWith(o, StringComparison.Ordinal))) is { } own)
        {
            throw files.Reject(own.Path, "a file in a folder of the registry's own", $"none under {string.Join(" and ", OwnFolders)}");
        }
        if (files.FindJson(RegistryLayout.ManifestFile) is not { } manifest)
        {
            return found;
        }

        ManifestFile[] package = [.. found.Where(f => f.Path != RegistryLayout.ManifestFile)];
        Dictionary<string, string> listed = Read(files, manifest);
        foreach (ManifestFile file in package)
        {
            if (!listed.Remove(file.Path, out string? sha256))
            {
                throw files.Reject(file.Path, $"a file that {RegistryLayout.ManifestFile} does not list", "those it lists");
            }
            if (!sha256.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                throw files.Reject(file.Path, $"the SHA-256 {file.Sha256}", $"{sha256}, as {RegistryLayout.ManifestFile} says");
            }
        }
        return listed.Count == 0
            ? package
            : throw files.Reject(
                listed.Keys.Order(StringComparer.Ordinal).First(),
                "no such file",
                $"it, since {RegistryLayout.ManifestFile} lists it"
            );
    }

    private static Dictionary<string, string> Read(PackageFiles files, JsonFile manifest)
    {
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            JsonFile file in manifest.Items("files")
                ?? throw files.Reject(RegistryLayout.ManifestFile, "no list of files", "\"files\", each with its \"path\" and \"sha256\"")
        )
        {
            if (
                !listed.TryAdd(
                    file.Text("path") ?? throw file.Reject("path", "nothing", "a path"),
                    file.Text("sha256") ?? throw file.Reject("sha256", "nothing", "64 hexadecimal digits")
                )
            )
            {
                throw file.Reject("path", "a path that was listed before", "each once");
            }
        }
        return listed;
    }
}
