using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Lists a container page by page, so that its size costs time and no memory.</summary>
internal static class BlobScan
{
    /// <summary>Names of matching blobs whose version has no receipt. A container that does not exist has none.</summary>
    public static async IAsyncEnumerable<string> UnknownAsync(
        BlobContainerClient container, BlobPathPattern path, BlobReceipts receipts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = container.GetBlobsAsync(prefix: path.Prefix, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pages))
            foreach (var blob in pages.Current.Values)
                // Listings give the tag without the quotes that headers, and so receipts, have.
                if (path.Match(blob.Name) is not null && receipts.Find(blob.Name)?.ETag != blob.Properties.ETag?.ToString("H"))
                    yield return blob.Name;
    }

    private static async Task<bool> NextAsync<T>(IAsyncEnumerator<T> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }
}
