using System.ComponentModel.DataAnnotations;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Webhooks;

internal sealed record SubscribeRequest([Required] Uri? Url, IReadOnlyList<string>? Events, string? Secret);

/// <param name="Secret">Base64 of at least 24 bytes; made where it is absent.</param>
/// <param name="GraceHours">For which what is sent is signed with the secret before too, 0 to 168; 24 where it is absent.</param>
internal sealed record RotateRequest(string? Secret, double? GraceHours);

/// <param name="Secret">There once: in the answer to whoever subscribed, or asked for another.</param>
/// <param name="FormerUntil">Until when the secret before signs, or signed, too; absent where there was none.</param>
internal sealed record SubscriptionAnswer(
    string Id,
    Uri Url,
    IReadOnlyList<string> Events,
    string By,
    DateTimeOffset Created,
    string? Secret,
    DateTimeOffset? FormerUntil
)
{
    public static SubscriptionAnswer Of(WebhookSubscription subscription, bool withSecret = false) =>
        new(
            subscription.Id,
            subscription.Url,
            subscription.Events,
            subscription.By,
            subscription.Created,
            withSecret ? subscription.Secret : null,
            subscription.Former?.Until
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
