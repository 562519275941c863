using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Storage;

/// <summary>Azure clients that outlast an outage of about a minute.</summary>
internal static class AzureClients
{
    public static BlobServiceClient CreateBlobs(AzureStorageOptions options)
    {
        BlobClientOptions client = new();
        SetRetries(client.Retry);
        return !string.IsNullOrEmpty(options.ConnectionString) ? new(options.ConnectionString, client)
            : options.BlobServiceUri is { } address ? new(address, new DefaultAzureCredential(), client)
            : throw new ArgumentException("Azure storage has neither a ConnectionString nor a BlobServiceUri.", nameof(options));
    }

    public static QueueServiceClient CreateQueues(AzureStorageOptions options)
    {
        QueueClientOptions client = new();
        SetRetries(client.Retry);
        return !string.IsNullOrEmpty(options.ConnectionString) ? new(options.ConnectionString, client)
            : options.QueueServiceUri is { } address ? new(address, new DefaultAzureCredential(), client)
            : throw new ArgumentException("Azure storage has neither a ConnectionString nor a QueueServiceUri.", nameof(options));
    }

    private static void SetRetries(RetryOptions retry)
    {
        // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 8 × 6.4 s: a quick second try, and a minute in all.
        retry.Mode = RetryMode.Exponential;
        retry.Delay = TimeSpan.FromMilliseconds(200);
        retry.MaxDelay = TimeSpan.FromSeconds(6.4);
        retry.MaxRetries = 13;
        retry.NetworkTimeout = TimeSpan.FromSeconds(30);
    }
}
