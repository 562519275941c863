using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// A result was reached elsewhere (the Lambda handler, a worker beside a bucket) → it becomes searchable here, or what was deleted there is
/// found no more. Whoever posts is known by the signature; a repeated event changes nothing.
/// </summary>
public sealed class ResultAnnouncedFunction(
    WebhookSignature signature,
    AssetStores stores,
    IAssetIndex index,
    AssetErasure erasure,
    Ledger ledger,
    SidecarRevision sidecars,
    AssetNews news,
    ILogger<ResultAnnouncedFunction> log
)
{
    private const int MaxEventBytes = 64 << 10;

    [Function("ResultAnnounced")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/events")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string? id = request.Headers[WebhookSignature.IdHeader],
            timestamp = request.Headers[WebhookSignature.TimestampHeader],
            signatures = request.Headers[WebhookSignature.SignatureHeader];
        Refuse(signature.FaultOfHeaders(id, timestamp, signatures)); // before anything of the body is waited for
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, MaxEventBytes, cancellationToken);
        Refuse(signature.Verify(id, timestamp, signatures, body.Span));

        AssetSettled settled = Parse(body);
        AssetSource source = settled.Source;
        if (settled.State == AssetState.Gone)
        {
            await erasure.ForgetAsync(source.Store, source.Container, source.Key, cancellationToken);
            await client.ReviseAsync(await sidecars.FindLeftAsync(source, cancellationToken), cancellationToken);
        }
        bool indexed =
            settled.State == AssetState.Processed
            && (settled.Revision > 1 || !index.Knows(source.AssetId, source.VersionId))
            && await index.AddAsync(source, cancellationToken);
        if (settled.State == AssetState.Processed)
        {
            await client.ReviseAsync(await sidecars.FindStaleAsync(source, kind: null, cancellationToken), cancellationToken);
        }
        if (settled.State == AssetState.Quarantined)
        {
            await index.WithdrawAsync(await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken), cancellationToken);
        }
        await news.TellAsync(settled, cancellationToken);
        log.ResultAnnounced(source.InstanceId(), settled.State.ToString(), indexed);
        return Results.Accepted();
    }

    private static void Refuse(string? fault)
    {
        if (fault is not null)
        {
            throw new RequestProblem(StatusCodes.Status401Unauthorized, fault);
        }
    }

    private AssetSettled Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            CloudEvent<AssetSettled> announcement = GivenJson.Read<CloudEvent<AssetSettled>>(body, isOpen: true);
            if (announcement.Type != AssetSettled.EventType)
            {
                throw RequestProblem.BadRequest($"The event's type is '{announcement.Type}'; allowed is {AssetSettled.EventType}.");
            }
            if (announcement.Data is null) // which the declaration of a type parameter cannot exclude
            {
                throw RequestProblem.BadRequest("The event's data is null; expected is an asset's result.");
            }
            if (!stores.Has(announcement.Data.Source.Store))
            {
                throw RequestProblem.BadRequest($"The event's store is '{announcement.Data.Source.Store}', which is not configured here.");
            }
            return announcement.Data;
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest($"The body is no CloudEvent in structured JSON. {JsonFault.Describe(e)}");
        }
    }
}
