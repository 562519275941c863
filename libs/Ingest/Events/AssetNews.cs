using Serverless.Webhooks;

namespace Serverless.Ingest.Events;

/// <summary>
/// Tells subscribers of webhooks what uploads came to. Where nobody wants to know, an upload costs no message: who subscribes is looked up
/// at most every 15 seconds, so that a new subscriber may miss what is settled before that. Thread-safe.
/// </summary>
public sealed class AssetNews(WebhookPublisher webhooks, WebhookStore subscriptions, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private Looked? _last; // replaced whole; of two looks at once either will do

    private sealed record Looked(IReadOnlyList<WebhookSubscription> Subscriptions, long At);

    public async Task TellAsync(AssetSettled settled, CancellationToken cancellationToken)
    {
        string type = WebhookEvent.OfAsset(settled.State.ToString());
        if ((await SubscriptionsAsync(cancellationToken)).Any(subscription => subscription.Wants(type)))
        {
            AssetSource source = settled.Source;
            await webhooks.PublishAsync(type, $"{source.AssetId}/{source.VersionId}", $"{settled.Revision}", settled, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<WebhookSubscription>> SubscriptionsAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _last) is { } last && time.GetElapsedTime(last.At) < LookEvery)
        {
            return last.Subscriptions;
        }
        IReadOnlyList<WebhookSubscription> found = (await subscriptions.ListAsync(cancellationToken)).Items;
        Volatile.Write(ref _last, new Looked(found, time.GetTimestamp()));
        return found;
    }
}
