using System.Net;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Webhooks;

public sealed class WebhookSenderTests
{
    private static readonly WebhookEvent Told = new(
        "evt1",
        "promotion.ended",
        "prod/labels/4",
        new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        JsonSerializer.SerializeToElement(new { verdict = "promoted" })
    );

    private static readonly string Secret = Convert.ToBase64String(new byte[32]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_SignsWhatTheReceiverCanVerify()
    {
        await using Receiver receiver = new(200);
        using WebhookSender sender = Sender(new() { AllowHttp = true, AllowPrivateAddresses = true });

        DeliveryAttempt attempt = await sender.SendAsync(To(receiver.Url), Told, Cancellation);

        (Dictionary<string, string> headers, byte[] body) = await receiver.Received.WaitAsync(
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken
        );
        Assert.Equal((200, null), (attempt.Status, attempt.Fault));
        Assert.Null(
            new WebhookSignature(Secret, TimeProvider.System).Verify(
                headers[WebhookSignature.IdHeader],
                headers[WebhookSignature.TimestampHeader],
                headers[WebhookSignature.SignatureHeader],
                body
            )
        );
        using JsonDocument told = JsonDocument.Parse(body);
        Assert.Equal("serverless.promotion.ended.v1", told.RootElement.GetProperty("type").GetString());
        Assert.Equal("promoted", told.RootElement.GetProperty("data").GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(302, false)]
    [InlineData(410, true)]
    public async Task Send_WhatTheReceiverDoesNotTake_SaysSo(int status, bool hopeless)
    {
        await using Receiver receiver = new(status);
        using WebhookSender sender = Sender(new() { AllowHttp = true, AllowPrivateAddresses = true });

        DeliveryAttempt attempt = await sender.SendAsync(To(receiver.Url), Told, Cancellation);

        Assert.Equal((status, $"the receiver answered {status}", hopeless), (attempt.Status, attempt.Fault, attempt.Hopeless));
    }

    [Fact]
    public async Task Send_ToANameOfAPrivateAddress_IsRefusedAtTheConnection()
    {
        using WebhookSender sender = Sender(new() { AllowHttp = true });

        DeliveryAttempt attempt = await sender.SendAsync(To(new Uri("http://localhost:9/")), Told, Cancellation);

        Assert.Equal(
            ("The host 'localhost' has private addresses only; allowed are public ones.", true),
            (attempt.Fault, attempt.Hopeless)
        );
    }

    private static WebhookSender Sender(WebhookOptions options) => new(options, new AddressPolicy(options), TimeProvider.System);

    private static WebhookSubscription To(Uri url) => new("s1", url, ["*"], Secret, "tests", DateTimeOffset.UnixEpoch);

    /// <summary>Takes one request and answers with a status.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();

        public Receiver(int status)
        {
            Url = new Uri($"http://127.0.0.1:{StackPorts.FreePort()}/");
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            Received = TakeAsync(status);
        }

        public Uri Url { get; }

        public Task<(Dictionary<string, string> Headers, byte[] Body)> Received { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await ((Task)Received).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task<(Dictionary<string, string>, byte[])> TakeAsync(int status)
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            using MemoryStream body = new();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.StatusCode = status;
            context.Response.Close();
            return (context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!), body.ToArray());
        }
    }
}
