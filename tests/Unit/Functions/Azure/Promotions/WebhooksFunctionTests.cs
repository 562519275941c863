using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Serverless.Local.Stack;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Promotions;

public sealed class WebhooksFunctionTests(SharedServers servers)
{
    [Fact]
    public async Task Subscriber_IsToldOfThePromotion_AndAgainWhenAsked()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, deliversWebhooks: true);
        await using Receiver receiver = new();
        (int status, JsonNode? subscription) = await api.SendAsync(
            HttpMethod.Post,
            "webhooks",
            new { url = receiver.Url, events = (string[])["promotion.ended"] }
        );
        string id = subscription!["id"]!.GetValue<string>(),
            secret = subscription["secret"]!.GetValue<string>();

        await api.PromoteAsync(2);
        (Dictionary<string, string> headers, byte[] body) = await receiver.NextAsync(told =>
            Subject(told) == $"{api.Environment}/{api.Model}/2"
        );
        string deliveries = $"webhooks/{id}/deliveries?limit=200";
        JsonNode log = await api.UntilAsync(deliveries, list =>
            Find(list, api) is { } found && found["state"]!.GetValue<string>() == "delivered"
        );
        (int redelivered, _) = await api.SendAsync(HttpMethod.Post, $"webhooks/{id}/deliveries/{Find(log, api)!["id"]}/redeliver");
        (Dictionary<string, string> again, _) = await receiver.NextAsync(told => Subject(told) == $"{api.Environment}/{api.Model}/2");

        Assert.Equal((201, 202), (status, redelivered));
        Assert.Null(
            new WebhookSignature(secret, TimeProvider.System).Verify(
                headers[WebhookSignature.IdHeader],
                headers[WebhookSignature.TimestampHeader],
                headers[WebhookSignature.SignatureHeader],
                body
            )
        );
        Assert.Equal("promoted", JsonNode.Parse(body)!["data"]!["outcome"]!.GetValue<string>());
        Assert.Equal(headers[WebhookSignature.IdHeader], again[WebhookSignature.IdHeader]);
        (int removed, _) = await api.SendAsync(HttpMethod.Delete, $"webhooks/{id}");
        Assert.Equal(204, removed);
    }

    [Fact]
    public async Task Rotate_ASecret_AnswersTheNewOne_AndNamesWhatIsNotAllowed()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        (_, JsonNode? subscription) = await api.SendAsync(HttpMethod.Post, "webhooks", new { url = "https://example.org/" });
        string id = subscription!["id"]!.GetValue<string>();

        (int status, JsonNode? rotated) = await api.SendAsync(HttpMethod.Post, $"webhooks/{id}/secret", new { graceHours = 1 });
        (int tooLong, JsonNode? problem) = await api.SendAsync(HttpMethod.Post, $"webhooks/{id}/secret", new { graceHours = 169 });
        (int noKey, _) = await api.SendAsync(HttpMethod.Post, $"webhooks/{id}/secret", new { secret = "short" });
        (int missing, _) = await api.SendAsync(HttpMethod.Post, "webhooks/none/secret", new { });
        await api.SendAsync(HttpMethod.Delete, $"webhooks/{id}");

        Assert.Equal((200, 400, 400, 404), (status, tooLong, noKey, missing));
        Assert.NotEqual(subscription["secret"]!.GetValue<string>(), rotated!["secret"]!.GetValue<string>());
        Assert.NotNull(rotated["formerUntil"]);
        Assert.Equal("graceHours is 169; allowed are 0 to 168.", problem!["detail"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("ftp://example.org/", "*", "The url's scheme is 'ftp'; allowed is https or http.")]
    [InlineData(
        "https://example.org/",
        "promotion.finished",
        "events names 'promotion.finished'; allowed are model.registered, model.validated, model.rolledBack, promotion.step, "
            + "promotion.ended, alert.opened, alert.resolved, alert.reminder, asset.processed, asset.quarantined, asset.superseded, "
            + "asset.gone, and beginnings of them followed by '*'."
    )]
    [InlineData("https://example.org/", null, "The body cannot be read. events[0] is null; expected is a value.")]
    public async Task Rejects_SubscriptionsThatCannotBeServed(string url, string? type, string detail)
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);

        (int status, JsonNode? problem) = await api.SendAsync(HttpMethod.Post, "webhooks", new { url, events = (string?[])[type] });

        Assert.Equal((400, detail), (status, problem!["detail"]!.GetValue<string>()));
    }

    private static string? Subject(byte[] body) => JsonNode.Parse(body)!["subject"]!.GetValue<string>();

    private static JsonNode? Find(JsonNode deliveries, PromotionsApi api) =>
        deliveries["items"]!
            .AsArray()
            .FirstOrDefault(delivery => delivery!["subject"]!.GetValue<string>() == $"{api.Environment}/{api.Model}/2");

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Channel<(Dictionary<string, string>, byte[])> _received = Channel.CreateUnbounded<(
            Dictionary<string, string>,
            byte[]
        )>();
        private readonly Task _loop;

        public Receiver()
        {
            Url = new Uri($"http://127.0.0.1:{StackPorts.FreePort()}/");
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            _loop = TakeAsync();
        }

        public Uri Url { get; }

        public async Task<(Dictionary<string, string> Headers, byte[] Body)> NextAsync(Func<byte[], bool> wanted)
        {
            using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
            while (true)
            {
                (Dictionary<string, string> headers, byte[] body) = await _received.Reader.ReadAsync(late.Token);
                if (wanted(body))
                {
                    return (headers, body);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _loop;
        }

        private async Task TakeAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    using MemoryStream body = new();
                    await context.Request.InputStream.CopyToAsync(body);
                    context.Response.Close();
                    await _received.Writer.WriteAsync(
                        (
                            context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!),
                            body.ToArray()
                        )
                    );
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // It was closed.
            }
        }
    }
}
