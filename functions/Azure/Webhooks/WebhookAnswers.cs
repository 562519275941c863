using System.ComponentModel.DataAnnotations;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Webhooks;

internal sealed record SubscribeRequest([Required] Uri? Url, IReadOnlyList<string>? Events, string? Secret);

/// <param name="Secret">There once: in the answer to whoever subscribed.</param>
internal sealed record SubscriptionAnswer(
    string Id,
    Uri Url,
    IReadOnlyList<string> Events,
    string By,
    DateTimeOffset Created,
    string? Secret
)
{
    public static SubscriptionAnswer Of(WebhookSubscription subscription, bool withSecret = false) =>
        new(
            subscription.Id,
            subscription.Url,
            subscription.Events,
            subscription.By,
            subscription.Created,
            withSecret ? subscription.Secret : null
        );
}

internal sealed record DeliveryAnswer(
    string Id,
    string Event,
    string Type,
    string Subject,
    DateTimeOffset Time,
    int Round,
    DeliveryState State,
    IReadOnlyList<DeliveryAttempt> Attempts
)
{
    public static DeliveryAnswer Of(DeliveryLog log) =>
        new(
            log.Delivery.Id,
            log.Delivery.Event.Id,
            log.Delivery.Event.Type,
            log.Delivery.Event.Subject,
            log.Delivery.Event.Time,
            log.Delivery.Round,
            log.State,
            log.Attempts
        );
}
