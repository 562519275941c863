using Azure;
using Azure.Storage.Blobs;
using Grpc.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// A blob arrived below media/ → the run of its current version, unless there was one. The host takes up a blob that failed five times
/// without a pause between, and then leaves it to the next reconcile; a store that is away is waited for here, a minute each time.
/// </summary>
public sealed class BlobArrivedFunction(AzureObjectStore store, TimeProvider time, ILogger<BlobArrivedFunction> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(32);

    [Function("BlobArrived")]
    public async Task RunAsync(
        [BlobTrigger("media/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string path = store.PathOf(blob.BlobContainerName, blob.Name);
        for (TimeSpan pause = FirstPause; ; pause *= 2)
        {
            try
            {
                await BeginAsync(path, client, cancellationToken);
                return;
            }
            catch (Exception e) when (pause <= LastPause && IsAway(e))
            {
                log.BlobWaits(path, pause.TotalSeconds, e.Message);
            }
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task BeginAsync(string path, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(path, cancellationToken) is not { } stored)
        {
            log.BlobGone(path);
            return;
        }
        AssetSource source = AssetStores.SourceOf(store, stored);
        bool started = await client.StartAsync(source, run: 1, cancellationToken);
        log.BlobArrived(source.InstanceId(), started);
    }

    /// <summary>The run store, which is asked by gRPC, or the object store.</summary>
    private static bool IsAway(Exception fault) => fault is RpcException or RequestFailedException { Status: 0 or 408 or 429 or >= 500 };
}
