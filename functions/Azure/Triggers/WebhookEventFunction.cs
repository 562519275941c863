using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Orchestrations.Webhooks;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>Something happened to a model, or an alert opened → a delivery to everybody who wants to know.</summary>
public sealed class WebhookEventFunction(WebhookStore store, WebhookOptions options, ILogger<WebhookEventFunction> log)
{
    [Function("WebhookEvent")]
    public async Task RunAsync(
        [QueueTrigger(WebhookPublisher.QueueName)] BinaryData message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (QueueMessage.Read(message, WebhookPublisher.QueueName, Read, log) is not { } told)
        {
            return;
        }
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

    private static WebhookEvent Read(BinaryData message) =>
        StoredJson.Read<WebhookEvent>(message) is { Type: not null, Id: not null } told
            ? told
            : throw new InvalidDataException("It has no id or no type.");
}
