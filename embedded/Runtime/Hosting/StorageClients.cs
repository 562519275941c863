using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>One client for each connection string, shared by triggers and bindings. Thread-safe.</summary>
internal sealed class StorageClients
{
    private readonly ConcurrentDictionary<string, BlobServiceClient> _blobs = new();
    private readonly ConcurrentDictionary<string, QueueServiceClient> _queues = new();

    public BlobServiceClient Blobs(string connectionString) => _blobs.GetOrAdd(connectionString, static text =>
    {
        var options = new BlobClientOptions();
        Retry(options.Retry);
        return new BlobServiceClient(text, options);
    });

    /// <summary>Queues with message texts as they are; the triggers decode them, so that one bad text does not spoil a batch.</summary>
    public QueueServiceClient Queues(string connectionString) => _queues.GetOrAdd(connectionString, static text =>
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        Retry(options.Retry);
        return new QueueServiceClient(text, options);
    });

    /// <summary>Short: the trigger loops have their own, longer patience.</summary>
    private static void Retry(RetryOptions retry)
    {
        retry.Mode = RetryMode.Exponential;
        retry.MaxRetries = 3;
        retry.Delay = TimeSpan.FromMilliseconds(200);
    }
}
