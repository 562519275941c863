using System.Security.Cryptography;
using System.Text;

namespace Serverless.Packages;

/// <summary>The digest of a package: what sha256sum prints for the list that sha256sum prints for all files in order.</summary>
public static class PackageDigest
{
    public static string Of(IEnumerable<ManifestFile> files)
    {
        var lines = new StringBuilder();
        foreach (ManifestFile file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            lines.Append(file.Sha256).Append("  ").Append(file.Path).Append('\n');
        }
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    public static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1 << 16,
            FileOptions.SequentialScan | FileOptions.Asynchronous
        );
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
