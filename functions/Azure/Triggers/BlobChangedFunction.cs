using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// A blob was deleted → what was made of it goes along. Its tier changed, or it arrived in the container of a source that was added → it is
/// begun, where that is due. The event comes by a queue that is the destination of an Event Grid subscription, since a blob trigger fires
/// for creations in media/ alone; it lies there until it succeeded. Whether the blob is there, the store says.
/// </summary>
public sealed class BlobChangedFunction(
    AzureObjectStore store,
    SourceBook sources,
    Ledger ledger,
    UploadMending mending,
    AssetErasure erasure,
    ResultAnnouncer announcer,
    SidecarRevision sidecars,
    ILogger<BlobChangedFunction> log
)
{
    [Function("BlobChanged")]
    public async Task RunAsync(
        [QueueTrigger(AssetLayout.DeletedBlobsQueue)] BinaryData message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        ChangedBlob? changed = QueueMessage.Read(message, AssetLayout.DeletedBlobsQueue, ChangedBlob.Read, log);
        foreach (string key in changed?.Keys ?? [])
        {
            MediaSource[] covering = await FindSourcesAsync(changed!.Container, key, cancellationToken);
            if (covering.Length == 0)
            {
                continue;
            }
            if (changed.IsDeleted)
            {
                await ForgetAsync(changed.Container, key, client, cancellationToken);
            }
            else if (covering.Any(source => source.State == SourceState.Active))
            {
                await BeginAsync(changed.Container, key, client, cancellationToken);
            }
        }
    }

    private async Task<MediaSource[]> FindSourcesAsync(string container, string key, CancellationToken cancellationToken)
    {
        MediaSource own = MediaSource.BuiltInOf(store);
        return own.Covers(container, key)
            ? [own]
            :
            [
                .. (await sources.LoadRecentCoverageAsync(store.Name, cancellationToken)).Added.Where(source =>
                    source.Covers(container, key)
                ),
            ];
    }

    private async Task ForgetAsync(string container, string key, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await erasure.ForgetAsync(store.Name, container, key, cancellationToken) is { } last)
        {
            log.BlobForgotten(last.AssetId);
            await announcer.AnnounceAsync(new AssetSettled(last, AssetState.Gone), cancellationToken);
            await client.ReviseAsync(await sidecars.FindLeftAsync(last, cancellationToken), cancellationToken);
        }
    }

    private async Task BeginAsync(string container, string key, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(store.PathOf(container, key), cancellationToken) is not { } stored)
        {
            return;
        }
        AssetSource source = AssetStores.SourceOf(store, stored);
        LedgerEntry? entry = (await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken))?.Newest;
        bool started = await mending.BeginAsync(client, source, stored, entry, cancellationToken);
        log.BlobArrived(source.InstanceId(), started);
    }
}
