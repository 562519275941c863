using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Events;

public sealed class ResultAnnouncerTests(SharedServers servers)
{
    private readonly EventsOptions _options = new()
    {
        Endpoint = new Uri("http://receiver/api/events"),
        SigningKey = Convert.ToBase64String(new byte[32]),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Announce_WhileTheReceiverIsAway_IsKeptAndDeliveredByTheNextProcess()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        Receiver receiver = new() { Answer = HttpStatusCode.ServiceUnavailable };
        AssetSettled[] settled = [.. Enumerable.Range(1, 3).Select(Settled)];
        ResultAnnouncer first = Announcer(bucket, receiver),
            second = Announcer(bucket, receiver);

        bool[] whileAway = [await first.AnnounceAsync(settled[0], Token), await first.AnnounceAsync(settled[1], Token)];
        receiver.Answer = HttpStatusCode.Accepted;
        receiver.Seen.Clear();
        bool back = await second.AnnounceAsync(settled[2], Token);

        Assert.Equal([false, false, true], [.. whileAway, back]);
        Assert.Equal(settled.Select(one => one.ToCloudEvent(default).Id).Order(), receiver.Seen.Order());
        Assert.Empty(await KeptAsync(bucket));
    }

    [Fact]
    public async Task DeliverKept_WhileTheReceiverIsStillAway_KeepsEverything()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        ResultAnnouncer announcer = Announcer(bucket, new Receiver { Answer = HttpStatusCode.ServiceUnavailable });
        await announcer.AnnounceAsync(Settled(1), Token);

        int delivered = await announcer.DeliverKeptAsync(Token);

        Assert.Equal(0, delivered);
        Assert.Equal([Settled(1)], await KeptAsync(bucket));
    }

    private static AssetSettled Settled(int number) =>
        new(new AssetSource("s3", "assets", $"media/{number}.txt", $"v{number}"), AssetState.Processed);

    private async Task<List<AssetSettled>> KeptAsync(S3ObjectStore bucket)
    {
        List<AssetSettled> kept = [];
        await foreach (AssetSettled one in new AnnouncementOutbox(new AssetStores([bucket]), _options).ListAsync(Token))
        {
            kept.Add(one);
        }
        return kept;
    }

    private ResultAnnouncer Announcer(S3ObjectStore bucket, Receiver receiver) =>
        new(
            new HttpClient(receiver),
            _options,
            new AnnouncementOutbox(new AssetStores([bucket]), _options),
            TimeProvider.System,
            NullLogger<ResultAnnouncer>.Instance
        );

    private sealed class Receiver : HttpMessageHandler
    {
        public HttpStatusCode Answer { get; set; }

        public List<string> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add(request.Headers.GetValues("webhook-id").Single());
            return Task.FromResult(new HttpResponseMessage(Answer));
        }
    }
}
