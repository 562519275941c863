using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Webhooks;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Webhooks;

/// <summary>What was sent to a subscriber, with every try, and sending it again.</summary>
public sealed class DeliveriesFunction(WebhookStore store, WebhookOptions options)
{
    private const int MaxPage = 200;

    /// <summary>The newest first.</summary>
    [Function("ListDeliveries")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/webhooks/{id}/deliveries")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        return Answers.Json(Answers.ListOf(await store.ListLogsAsync(id, limit, cancellationToken), DeliveryAnswer.Of));
    }

    [Function("Redeliver")]
    public async Task<IResult> RedeliverAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks/{id}/deliveries/{delivery}/redeliver")] HttpRequest request,
        string id,
        string delivery,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            throw RequestProblem.NotFound($"There is no subscription '{id}'.");
        }
        DeliveryLog log = await store.FindLogAsync(id, delivery, cancellationToken)
            ?? throw RequestProblem.NotFound($"Subscription '{id}' has no delivery '{delivery}'.");
        if (log.State == DeliveryState.Pending)
        {
            throw RequestProblem.Conflict($"Delivery '{delivery}' is on its way; it can be redelivered once it has ended.");
        }
        WebhookDelivery next = log.Delivery with { Round = await NextRoundAsync(log.Delivery, cancellationToken) };
        await store.LogAsync(next, DeliveryState.Pending, attempt: null, cancellationToken);
        await client.StartAsync(next, options, cancellationToken);
        return Answers.Json(DeliveryAnswer.Of(new DeliveryLog(next, DeliveryState.Pending, [])), StatusCodes.Status202Accepted);
    }

    private async Task<int> NextRoundAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        int round = delivery.Round + 1;
        while (await store.FindLogAsync(delivery.Subscription, (delivery with { Round = round }).Id, cancellationToken) is not null)
        {
            round++;
        }
        return round;
    }
}
