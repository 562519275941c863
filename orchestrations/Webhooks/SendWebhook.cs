using Microsoft.Azure.Functions.Worker;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Webhooks;

public sealed record SendInput(WebhookDelivery Delivery, bool IsLast);

/// <summary>Makes one try and logs it. Its key is the event's id, which the receiver gets with every try.</summary>
public sealed class SendWebhook(WebhookStore store, WebhookSender sender)
{
    [Function(nameof(SendWebhook))]
    public async Task<DeliveryState> RunAsync([ActivityTrigger] SendInput input, CancellationToken cancellationToken)
    {
        WebhookDelivery delivery = input.Delivery;
        // Whoever unsubscribed is told nothing more.
        if (await store.FindAsync(delivery.Subscription, cancellationToken) is not { } subscription)
        {
            return DeliveryState.Failed;
        }
        DeliveryAttempt attempt = await sender.SendAsync(subscription, delivery.Event, cancellationToken);
        DeliveryState state =
            attempt.Fault is null ? DeliveryState.Delivered
            : attempt.Hopeless || input.IsLast ? DeliveryState.Failed
            : DeliveryState.Pending;
        await store.LogAsync(delivery, state, attempt, cancellationToken);
        return state;
    }
}
