using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Webhooks;

public sealed class WebhookStoreTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASubscription_ThatIsTorn_HidesNoOther()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        WebhookStore store = new(bucket);
        WebhookSubscription whole = new("b", new Uri("https://news.example/hook"), ["*"], "secret", "ada", DateTimeOffset.UnixEpoch);
        await store.AddAsync(whole, Token);
        using Stream body = new BinaryData("no json").ToStream();
        await bucket.WriteAsync("webhooks/subscriptions/a.json", body, WriteCondition.Always, StoredJson.ContentType, Token);

        Listed<WebhookSubscription> found = await store.ListAsync(Token);

        Assert.Equal(["b"], found.Items.Select(one => one.Id));
        Assert.Contains("webhooks/subscriptions/a.json", Assert.Single(found.Faults), StringComparison.Ordinal);
    }
}
