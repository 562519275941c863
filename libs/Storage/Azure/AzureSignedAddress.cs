using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace Serverless.Storage;

/// <summary>
/// Shared access signatures for one blob, by the account's key where there is one, else by a key that the signed-in identity is lent.
/// </summary>
internal static class AzureSignedAddress
{
    // Put Blob since version 2019-12-12 (learn.microsoft.com/rest/api/storageservices/put-blob).
    private const long MaxBytes = 5000L << 20;

    public static async Task<UploadAddress> ForUploadAsync(
        BlobServiceClient service,
        BlobClient blob,
        IReadOnlyDictionary<string, string> given,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, string> headers = GivenMetadata.WriteHeaders("x-ms-meta-", given);
        headers["x-ms-blob-type"] = "BlockBlob";
        BlobSasPermissions permissions = BlobSasPermissions.Create | BlobSasPermissions.Write;
        Uri address = await SignAsync(service, blob, permissions, expires, cancellationToken);
        return new(address, "PUT", headers, expires, MaxBytes);
    }

    /// <summary>
    /// Blocks that were sent and not committed; whoever has the address may not read them by it (Get Block List needs the permission to
    /// read).
    /// </summary>
    public static async Task<IReadOnlyList<UploadedPart>> ListPartsAsync(
        BlobServiceClient service,
        BlobClient blob,
        CancellationToken cancellationToken
    )
    {
        try
        {
            BlockList blocks = await service
                .GetBlobContainerClient(blob.BlobContainerName)
                .GetBlockBlobClient(blob.Name)
                .GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            return [.. blocks.UncommittedBlocks.Select(block => new UploadedPart(block.Name, block.SizeLong))];
        }
        catch (RequestFailedException e) when (e.Status == 404 || e.ErrorCode == BlobErrorCode.InvalidBlobType)
        {
            return [];
        }
    }

    public static Task<Uri> ForDownloadAsync(
        BlobServiceClient service,
        BlobClient blob,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    ) => SignAsync(service, blob, BlobSasPermissions.Read, expires, cancellationToken);

    private static async Task<Uri> SignAsync(
        BlobServiceClient service,
        BlobClient blob,
        BlobSasPermissions permissions,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        BlobSasBuilder builder = new(permissions, expires)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        if (blob.CanGenerateSasUri)
        {
            return blob.GenerateSasUri(builder);
        }
        UserDelegationKey key = await service.GetUserDelegationKeyAsync(startsOn: null, builder.ExpiresOn, cancellationToken);
        return new BlobUriBuilder(blob.Uri) { Sas = builder.ToSasQueryParameters(key, service.AccountName) }.ToUri();
    }
}
