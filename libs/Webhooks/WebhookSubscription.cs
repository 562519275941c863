using System.Text.Json;

namespace Serverless.Webhooks;

/// <summary>Somebody who wants to be told of events by HTTP.</summary>
/// <param name="Events">Types, or the beginning of some followed by '*': "promotion.*"; "*" for all.</param>
/// <param name="Secret">Base64 of the key that signs what is sent. Told once, to whoever subscribed.</param>
/// <param name="Former">The secret before, with which is signed too until its time is up; null where there is none.</param>
public sealed record WebhookSubscription(
    string Id,
    Uri Url,
    IReadOnlyList<string> Events,
    string Secret,
    string By,
    DateTimeOffset Created,
    FormerSecret? Former = null
)
{
    /// <summary>With another secret from now on, and the one before for a while.</summary>
    public WebhookSubscription WithSecret(string secret, DateTimeOffset formerUntil) =>
        this with
        {
            Secret = secret,
            Former = new FormerSecret(Secret, formerUntil),
        };

    /// <summary>What signs at an instant.</summary>
    internal string SecretsAt(DateTimeOffset now) => Former is { } former && now < former.Until ? $"{Secret} {former.Secret}" : Secret;

    public bool Wants(string type) =>
        Events.Any(wanted => wanted.EndsWith('*') ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : type == wanted);
}

/// <param name="Until">Not included.</param>
public sealed record FormerSecret(string Secret, DateTimeOffset Until);

/// <summary>What happened, as it is told to everybody who wants it.</summary>
/// <param name="Id">The same however often it is told, so that a receiver may drop repeats.</param>
/// <param name="Type">"model.registered", "model.validated", "promotion.step", "promotion.ended", "model.rolledBack",
/// "alert.opened", "alert.resolved", "alert.reminder", "asset.processed", "asset.quarantined", "asset.superseded", "asset.gone".</param>
/// <param name="Subject">What it happened to: "prod/labels/4", "backlogAge/queue gpu-jobs", an asset and its version.</param>
public sealed record WebhookEvent(string Id, string Type, string Subject, DateTimeOffset Time, JsonElement Data)
{
    public static readonly IReadOnlyList<string> Types =
    [
        "model.registered",
        "model.validated",
        "model.rolledBack",
        "promotion.step",
        "promotion.ended",
        "alert.opened",
        "alert.resolved",
        "alert.reminder",
        "asset.processed",
        "asset.quarantined",
        "asset.superseded",
        "asset.gone",
    ];

    /// <param name="state">That a version came to.</param>
    public static string OfAsset(string state) => $"asset.{state.ToLowerInvariant()}";

    internal CloudEvent<JsonElement> ToCloudEvent() =>
        new()
        {
            Id = Id,
            Source =
                Type.StartsWith("alert.", StringComparison.Ordinal) ? "/alerts"
                : Type.StartsWith("asset.", StringComparison.Ordinal) ? "/assets"
                : "/models",
            Type = $"serverless.{Type}.v1",
            Subject = Subject,
            Time = Time,
            Data = Data,
        };
}

/// <summary>One event on its way to one subscriber.</summary>
/// <param name="Round">1 for the first; each redelivery counts on.</param>
public sealed record WebhookDelivery(string Subscription, WebhookEvent Event, int Round)
{
    public string Id => $"{Event.Id}-{Round}";
}

/// <summary>One try of a delivery.</summary>
/// <param name="Status">What the receiver answered; null when it did not.</param>
/// <param name="Fault">Null when the receiver took it.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, string? Fault, double Milliseconds, bool Hopeless = false);

public enum DeliveryState
{
    /// <summary>On its way; the last try, if there was one, will be repeated.</summary>
    Pending,
    Delivered,

    /// <summary>Given up after all tries; may be redelivered.</summary>
    Failed,
}

/// <summary>The log of one delivery.</summary>
public sealed record DeliveryLog(WebhookDelivery Delivery, DeliveryState State, IReadOnlyList<DeliveryAttempt> Attempts);
