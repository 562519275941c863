using Serverless.Storage;

namespace Serverless.Webhooks;

/// <summary>Subscriptions and the log of deliveries, in the object store. Thread-safe.</summary>
public sealed class WebhookStore(IObjectStore store)
{
    private const string SubscriptionsPrefix = "webhooks/subscriptions/";
    private const int MaxObjectBytes = 256 << 10;

    public async Task AddAsync(WebhookSubscription subscription, CancellationToken cancellationToken)
    {
        using Stream body = StoredJson.Write(subscription).ToStream();
        await store.WriteAsync(PathOf(subscription.Id), body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }

    public Task<WebhookSubscription?> FindAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync<WebhookSubscription>(PathOf(id), cancellationToken);

    public async Task<Listed<WebhookSubscription>> ListAsync(CancellationToken cancellationToken)
    {
        Listed<WebhookSubscription> all = await ListedDocuments.ReadAsync(
            store.ListAsync(SubscriptionsPrefix, cancellationToken),
            ReadAsync<WebhookSubscription>,
            int.MaxValue,
            cancellationToken
        );
        return all with { Items = [.. all.Items.OrderBy(subscription => subscription.Created)] };
    }

    /// <summary>What stands then; null where there is none. Of two at once, both are taken, one after the other.</summary>
    public async Task<WebhookSubscription?> ChangeAsync(
        string id,
        Func<WebhookSubscription, WebhookSubscription> change,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        (
            await new StoredDocument<WebhookSubscription>(store, PathOf(id), MaxObjectBytes, time).UpdateAsync(
                before => before is null ? null : change(before),
                cancellationToken
            )
        )?.Value;

    /// <summary>False when there was none. Its log stays.</summary>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => store.DeleteAsync(PathOf(id), cancellationToken);

    /// <summary>Adds a try to the log; a repeated write of the same try changes nothing.</summary>
    public async Task LogAsync(WebhookDelivery delivery, DeliveryState state, DeliveryAttempt? attempt, CancellationToken cancellationToken)
    {
        string path = LogOf(delivery.Subscription, delivery.Id);
        IReadOnlyList<DeliveryAttempt> before = (await ReadAsync<DeliveryLog>(path, cancellationToken))?.Attempts ?? [];
        using Stream body = StoredJson
            .Write(new DeliveryLog(delivery, state, attempt is null || before.Contains(attempt) ? before : [.. before, attempt]))
            .ToStream();
        await store.WriteAsync(path, body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }

    public Task<DeliveryLog?> FindLogAsync(string subscription, string delivery, CancellationToken cancellationToken) =>
        ReadAsync<DeliveryLog>(LogOf(subscription, delivery), cancellationToken);

    /// <summary>The newest first, at most so many.</summary>
    public async Task<Listed<DeliveryLog>> ListLogsAsync(string subscription, int limit, CancellationToken cancellationToken)
    {
        PriorityQueue<StoredObject, DateTimeOffset> newest = new();
        await foreach (StoredObject found in store.ListAsync(LogsOf(subscription), cancellationToken))
        {
            newest.Enqueue(found, found.LastModified);
            if (newest.Count > limit)
            {
                newest.Dequeue();
            }
        }
        IEnumerable<StoredObject> newestFirst = newest.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element);
        return await ListedDocuments.ReadAsync(newestFirst.ToAsyncEnumerable(), ReadAsync<DeliveryLog>, limit, cancellationToken);
    }

    private async Task<T?> ReadAsync<T>(string path, CancellationToken cancellationToken)
        where T : class =>
        await store.ReadAsync(path, MaxObjectBytes, cancellationToken) is { } content ? StoredJson.Read<T>(content.Data) : null;

    private static string PathOf(string id) => $"{SubscriptionsPrefix}{id}.json";

    private static string LogsOf(string subscription) => $"webhooks/deliveries/{subscription}/";

    private static string LogOf(string subscription, string delivery) => $"{LogsOf(subscription)}{delivery}.json";
}
