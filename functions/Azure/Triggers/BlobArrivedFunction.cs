using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>A blob arrived below media/ → the run of its current version, unless there was one.</summary>
public sealed class BlobArrivedFunction(AzureObjectStore store, ILogger<BlobArrivedFunction> log)
{
    [Function("BlobArrived")]
    public async Task RunAsync(
        [BlobTrigger("media/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string path = store.PathOf(blob.BlobContainerName, blob.Name);
        if (await store.FindAsync(path, cancellationToken) is not { } stored)
        {
            log.BlobGone(path);
            return;
        }
        AssetSource source = AssetStores.SourceOf(store, stored);
        bool started = await client.StartAsync(source, run: 1, cancellationToken);
        log.BlobArrived(source.InstanceId(), started);
    }
}
