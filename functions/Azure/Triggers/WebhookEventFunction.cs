using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Webhooks;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>Something happened to a model, or an alert opened → a delivery to everybody who wants to know.</summary>
public sealed class WebhookEventFunction(WebhookStore store, WebhookOptions options)
{
    [Function("WebhookEvent")]
    public async Task RunAsync(
        [QueueTrigger(WebhookPublisher.QueueName)] BinaryData message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        WebhookEvent told = StoredJson.Read<WebhookEvent>(message);
        foreach (WebhookSubscription subscription in (await store.ListAsync(cancellationToken)).Items)
        {
            if (!subscription.Wants(told.Type))
            {
                continue;
            }
            WebhookDelivery delivery = new(subscription.Id, told, Round: 1);
            if (await store.FindLogAsync(subscription.Id, delivery.Id, cancellationToken) is null)
            {
                await store.LogAsync(delivery, DeliveryState.Pending, attempt: null, cancellationToken);
            }
            await client.StartAsync(delivery, options, cancellationToken);
        }
    }
}
