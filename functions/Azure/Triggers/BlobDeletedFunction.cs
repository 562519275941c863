using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// A blob was deleted → what was made of it goes along. The event comes by a queue that is the destination of an Event Grid subscription,
/// since a blob trigger fires for creations alone; it lies there until it succeeded. Whether the blob is gone, the store says.
/// </summary>
public sealed class BlobDeletedFunction(
    AzureObjectStore store,
    AssetErasure erasure,
    ResultAnnouncer announcer,
    SidecarRevision sidecars,
    ILogger<BlobDeletedFunction> log
)
{
    [Function("BlobDeleted")]
    public async Task RunAsync(
        [QueueTrigger(AssetLayout.DeletedBlobsQueue)] BinaryData message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        (string Container, string Key)[] named;
        try
        {
            named = [.. DeletedBlob.NamesIn(message)];
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            log.NoDeletion(message.ToMemory().Length, e.Message); // which no other try would read better
            return;
        }
        foreach ((string container, string key) in named)
        {
            if (await erasure.ForgetAsync(store.Name, container, key, cancellationToken) is { } last)
            {
                log.BlobForgotten(last.AssetId);
                await announcer.AnnounceAsync(new AssetSettled(last, AssetState.Gone), cancellationToken);
                await client.ReviseAsync(await sidecars.FindLeftAsync(last, cancellationToken), cancellationToken);
            }
        }
    }
}
