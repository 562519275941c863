using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Local.Events;
using Serverless.Local.Events.Delivery;
using Serverless.Local.Events.Stores;
using Serverless.Local.Queues;
using Serverless.Storage;
using Serverless.Unit.Local.Lambda;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Events;

/// <summary>From an upload to its event, through a real S3 server.</summary>
public sealed class UploadTests(SharedServers servers) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("events-").FullName;
    private readonly CollectedEvents _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_WithAccessLog_IsAnnouncedWithoutAScan()
    {
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(await servers.S3, log: true);
        await WriteAsync(store, "media/first");
        await using Running running = Start(options, _events, new ManualTime());
        string first = KeyOf(await _events.NextAsync()); // the first scan is over, and time stands still before the next one

        await WriteAsync(store, "media/größe (1).txt");

        Assert.Equal(["media/first", "media/größe (1).txt"], [first, KeyOf(await _events.NextAsync())]);
    }

    [Fact]
    public async Task Delete_WithAccessLog_IsAnnouncedWithoutAScan()
    {
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(await servers.S3, log: true);
        await WriteAsync(store, "media/größe (1).txt");
        await using Running running = Start(options, _events, new ManualTime());
        await _events.NextAsync();

        await store.DeleteAsync("media/größe (1).txt", Token);

        string removed = await _events.NextAsync();
        Assert.Contains("ObjectRemoved:Delete", removed, StringComparison.Ordinal);
        Assert.Equal("media/größe (1).txt", KeyOf(removed));
    }

    [Fact]
    public async Task Upload_OutsideThePrefix_IsNotAnnounced()
    {
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(await servers.S3, log: false);
        await WriteAsync(store, "analyses/x.json");
        await WriteAsync(store, "media/x");
        await WriteAsync(store, "media.json");

        await using Running running = Start(options, _events);

        Assert.Equal("media/x", KeyOf(await _events.NextAsync()));
        Assert.True(_events.IsEmpty);
    }

    [Fact]
    public async Task Restart_AfterSuccess_AnnouncesNothingTwice()
    {
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(await servers.S3, log: false);
        for (int i = 0; i < 20; i++)
        {
            await WriteAsync(store, $"media/{i:00}");
        }

        await using (Start(options, _events))
        {
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"media/{i:00}"), (await _events.NextAsync(20)).Select(KeyOf).Order());
        }

        await WriteAsync(store, "media/20");
        await using Running second = Start(options, _events);

        Assert.Equal("media/20", KeyOf(await _events.NextAsync()));
        Assert.True(_events.IsEmpty);
    }

    [Fact]
    public async Task Storage_AwayAtFirst_IsFoundWhenItComesBack()
    {
        await using S3Server server = await S3Server.StartAsync();
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(server, log: true);
        await WriteAsync(store, "media/kept");
        await server.KillAsync();

        await using Running running = Start(options, _events);
        await server.RestartAsync();

        Assert.Equal("media/kept", KeyOf(await _events.NextAsync()));
    }

    [Fact]
    public async Task Upload_WithALambdaService_IsAMessageOfItsQueue()
    {
        (S3ObjectStore store, S3EventsOptions options) = await PrepareAsync(await servers.S3, log: true);
        await using LambdaRig lambda = await LambdaRig.WithoutRuntime().StartAsync(Token);
        options.QueueUrl = lambda.Service.QueueUrl;
        using HttpClient client = new();
        await WriteAsync(store, "media/a");
        await WriteAsync(store, "media/b");

        await using Running running = Start(options, new SqsQueue(client, options));
        await lambda.UntilAsync(() => lambda.Service.Queue.Count().Waiting > 0, Token);

        QueueMessage message = Assert.Single(lambda.Service.Queue.Take(10));
        using JsonDocument notification = JsonDocument.Parse(message.Body);
        Assert.Equal(
            ["media/a", "media/b"],
            notification.RootElement.GetProperty("Records").EnumerateArray().Select(record => KeyOf(record.GetRawText()))
        );
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<(S3ObjectStore Store, S3EventsOptions Options)> PrepareAsync(S3Server server, bool log)
    {
        S3StorageOptions bucket = await server.CreateBucketAsync();
        S3EventsOptions options = new()
        {
            ServiceUrl = server.ServiceUrl,
            Bucket = bucket.Bucket!,
            AccessLog = log ? server.AccessLogPath : null,
        };
        return (new(bucket, TimeProvider.System), options);
    }

    private static Task<StoredObject> WriteAsync(S3ObjectStore store, string path) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(path)), WriteCondition.Always, "text/plain", Token);

    private static string KeyOf(string record)
    {
        using JsonDocument json = JsonDocument.Parse(record);
        string key = json.RootElement.GetProperty("s3").GetProperty("object").GetProperty("key").GetString()!;
        return System.Net.WebUtility.UrlDecode(key);
    }

    private Running Start(S3EventsOptions options, IEventSink sink, TimeProvider? time = null)
    {
        S3Bucket bucket = new(options);
        return new Running(
            cancellationToken =>
                EventSource.RunAsync(
                    _directory,
                    bucket,
                    options.AccessLog,
                    sink,
                    new EventFaults(new FaultOptions()),
                    time ?? TimeProvider.System,
                    NullLogger.Instance,
                    cancellationToken
                ),
            bucket
        );
    }
}
