namespace Serverless.Storage;

/// <summary>
/// An empty object that stands for a folder: one whose name ends in '/', as the console of S3 and many tools make it, and in Azure one
/// with the metadata hdi_isfolder.
/// </summary>
public static class FolderMark
{
    private const string AzureMetadata = "hdi_isfolder";

    public static bool Is(string path, long length) => length == 0 && path.EndsWith('/');

    internal static bool Is(string path, long length, IDictionary<string, string>? metadata) =>
        Is(path, length)
        || length == 0
            && metadata?.Any(one =>
                one.Key.Equals(AzureMetadata, StringComparison.OrdinalIgnoreCase)
                && one.Value.Equals("true", StringComparison.OrdinalIgnoreCase)
            ) == true;
}
