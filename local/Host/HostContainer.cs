using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Host.Storage;

namespace Serverless.Local.Host;

/// <summary>The container that the host keeps what is its own in.</summary>
internal sealed class HostContainer(IAzureBlobStorageProvider storage)
{
    public BlobContainerClient Open() =>
        storage.TryCreateHostingBlobContainerClient(out BlobContainerClient container)
            ? container
            : throw new InvalidOperationException("The setting AzureWebJobsStorage names no storage account.");
}
