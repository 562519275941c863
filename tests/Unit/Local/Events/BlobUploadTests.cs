using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Azure.Triggers;
using Serverless.Local.Events;
using Serverless.Local.Events.Delivery;
using Serverless.Local.Events.Stores;
using Serverless.Storage;
using Serverless.Unit.Local.Events.Stores;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Events;

/// <summary>From an upload to the request that a blobs webhook gets, through Azurite.</summary>
public sealed class BlobUploadTests(SharedServers servers) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("events-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_IsPostedAsTheSubscriptionDoes()
    {
        (BlobContainerClient container, BlobEventsOptions options) = await PrepareAsync();
        using Webhook webhook = new(HttpStatusCode.ServiceUnavailable);
        await using Running running = Start(options, webhook);

        Azure.Response<Azure.Storage.Blobs.Models.BlobContentInfo> uploaded = await container.UploadBlobAsync(
            "dir/ä b#1.txt",
            BinaryData.FromString("abc"),
            Token
        );

        (HttpRequestMessage request, string body) = await webhook.NextAsync();
        Assert.Equal(
            "http://127.0.0.1:1/runtime/webhooks/blobs?functionName=Host.Functions.BlobArrived&code=a%2Fb%3D%3D",
            request.RequestUri!.AbsoluteUri
        );
        Assert.Equal(["Notification"], request.Headers.GetValues("aeg-event-type"));
        using JsonDocument events = JsonDocument.Parse(body);
        JsonElement data = Assert.Single(events.RootElement.EnumerateArray()).GetProperty("data");
        Assert.Equal(uploaded.Value.ETag.ToString("H").Trim('"'), data.GetProperty("eTag").GetString());
        BlobUriBuilder blob = new(new Uri(data.GetProperty("url").GetString()!));
        Assert.Equal((options.Container, "dir/ä b#1.txt"), (blob.BlobContainerName, blob.BlobName));
        Assert.Equal(("BlockBlob", 3), (data.GetProperty("blobType").GetString(), data.GetProperty("contentLength").GetInt64()));
    }

    [Fact]
    public async Task Delete_WhereItIsAskedFor_IsAnnounced()
    {
        (BlobContainerClient container, BlobEventsOptions options) = await PrepareAsync();
        options.DeletedQueue = "deleted";
        CollectedEvents events = new();
        await container.UploadBlobAsync("a.txt", BinaryData.FromString("abc"), Token);
        AzureContainer store = new(options);
        await using Running running = new(cancellationToken => RunAsync(store, options, events, cancellationToken));
        Assert.Equal((BlobEvent.Created, "a.txt"), BlobEventTests.TypeAndNameOf(await events.NextAsync()));

        await container.DeleteBlobAsync("a.txt", cancellationToken: Token);

        Assert.Equal((BlobEvent.Deleted, "a.txt"), BlobEventTests.TypeAndNameOf(await events.NextAsync()));
    }

    [Fact]
    public async Task Delete_WithAQueueForIt_IsAMessageThere_WhileTheHostIsAway()
    {
        (BlobContainerClient container, BlobEventsOptions options) = await PrepareAsync();
        options.DeletedQueue = container.Name;
        AzureContainer store = new(options);
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(1) };
        BlobSubscriptions sink = new(new BlobsWebhook(client, options), new DeletedBlobsQueue(options));
        await container.UploadBlobAsync("ä b.txt", BinaryData.FromString("abc"), Token);
        await using Running running = new(cancellationToken => RunAsync(store, options, sink, cancellationToken));

        await container.DeleteBlobAsync("ä b.txt", cancellationToken: Token);

        AzureWorkQueue queue = new(new AzureStorageOptions { ConnectionString = options.ConnectionString }, options.DeletedQueue);
        IReadOnlyList<WorkItem> items = [];
        while (items.Count == 0)
        {
            items = await queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token);
        }
        ChangedBlob told = ChangedBlob.Read(items[0].Body)!;
        Assert.Equal((true, container.Name, "ä b.txt"), (told.IsDeleted, told.Container, Assert.Single(told.Keys)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(BlobContainerClient Container, BlobEventsOptions Options)> PrepareAsync()
    {
        AzuriteServer azurite = await servers.Azurite;
        BlobContainerClient container = new(azurite.ConnectionString, $"media-{Guid.NewGuid():N}");
        await container.CreateAsync(cancellationToken: Token);
        return (
            container,
            new BlobEventsOptions
            {
                ConnectionString = azurite.ConnectionString,
                Container = container.Name,
                AccessLog = azurite.AccessLogPath,
                Host = new Uri("http://127.0.0.1:1/"),
                Function = "BlobArrived",
                Key = "a/b==",
            }
        );
    }

    private Running Start(BlobEventsOptions options, Webhook webhook)
    {
        HttpClient client = new(webhook, disposeHandler: false);
        return new Running(
            cancellationToken => RunAsync(new AzureContainer(options), options, new BlobsWebhook(client, options), cancellationToken),
            client
        );
    }

    private Task RunAsync(AzureContainer store, BlobEventsOptions options, IEventSink sink, CancellationToken cancellationToken) =>
        EventSource.RunAsync(
            _directory,
            store,
            options.AccessLog,
            sink,
            new EventFaults(new FaultOptions()),
            TimeProvider.System,
            NullLogger.Instance,
            cancellationToken
        );

    /// <summary>Answers the first request with the given status and accepts each further one.</summary>
    private sealed class Webhook(HttpStatusCode first) : HttpMessageHandler
    {
        private readonly Channel<(HttpRequestMessage, string)> _accepted = Channel.CreateUnbounded<(HttpRequestMessage, string)>();
        private int _requests;

        public async Task<(HttpRequestMessage Request, string Body)> NextAsync() =>
            await _accepted.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_requests++ == 0)
            {
                return new HttpResponseMessage(first);
            }

            _accepted.Writer.TryWrite((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }
    }
}
