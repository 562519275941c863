using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace Serverless.Storage;

/// <summary>
/// A shared access signature for one blob, by the account's key where there is one, else by a key that the signed-in identity is lent.
/// </summary>
internal static class AzureUploadAddress
{
    // Put Blob since version 2019-12-12 (learn.microsoft.com/rest/api/storageservices/put-blob).
    private const long MaxBytes = 5000L << 20;

    private static readonly Dictionary<string, string> Headers = new() { ["x-ms-blob-type"] = "BlockBlob" };

    public static async Task<UploadAddress> CreateAsync(
        BlobServiceClient service,
        BlobClient blob,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        BlobSasBuilder builder = new(BlobSasPermissions.Create | BlobSasPermissions.Write, expires)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        Uri address = blob.CanGenerateSasUri ? blob.GenerateSasUri(builder) : await SignAsync(service, blob, builder, cancellationToken);
        return new(address, "PUT", Headers, expires, MaxBytes);
    }

    private static async Task<Uri> SignAsync(
        BlobServiceClient service,
        BlobClient blob,
        BlobSasBuilder builder,
        CancellationToken cancellationToken
    )
    {
        UserDelegationKey key = await service.GetUserDelegationKeyAsync(startsOn: null, builder.ExpiresOn, cancellationToken);
        return new BlobUriBuilder(blob.Uri) { Sas = builder.ToSasQueryParameters(key, service.AccountName) }.ToUri();
    }
}
