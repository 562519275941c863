using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Ingest.Events;

public sealed class AssetNewsTests(SharedServers servers)
{
    private static readonly AssetSource Source = new("s3", "b", "media/a.txt", "1");

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Told_IsWhatSomebodySubscribedTo_UnderTheSameId_HoweverOftenItIsSettled()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        S3WorkQueue queue = new(store, "events", TimeProvider.System);
        WebhookStore subscriptions = new(store);
        AssetNews news = new(new WebhookPublisher(queue, _time), subscriptions, _time);

        await news.TellAsync(new AssetSettled(Source, AssetState.Processed), Token);
        await subscriptions.AddAsync(
            new WebhookSubscription("a", new Uri("https://example.org"), ["asset.processed"], "", "ada", _time.GetUtcNow()),
            Token
        );
        await news.TellAsync(new AssetSettled(Source, AssetState.Processed), Token); // not looked up yet
        Assert.Empty(await queue.ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        _time.Advance(TimeSpan.FromSeconds(16));
        await news.TellAsync(new AssetSettled(Source, AssetState.Processed), Token);
        await news.TellAsync(new AssetSettled(Source, AssetState.Processed), Token);
        await news.TellAsync(new AssetSettled(Source, AssetState.Quarantined), Token);

        WorkItem item = Assert.Single(await queue.ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        WebhookEvent told = StoredJson.Read<WebhookEvent>(item.Body);
        Assert.Equal(("asset.processed", $"{Source.AssetId}/{Source.VersionId}"), (told.Type, told.Subject));
        Assert.Equal("media/a.txt", told.Data.GetProperty("source").GetProperty("key").GetString());
    }
}
