using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Somebody who is told of alerts by webhook for a while.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly PipelineClient _client;
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<JsonElement> _told = new();
    private readonly Task _loop;
    private string _subscription = "";

    private AlertReceiver(PipelineClient client)
    {
        _client = client;
        Url = new Uri($"http://127.0.0.1:{StackPorts.FreePort()}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _loop = TakeAsync();
    }

    private Uri Url { get; }

    public static async Task<AlertReceiver> SubscribeAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        AlertReceiver receiver = new(client);
        using HttpResponseMessage subscribed = await client.Http.PostAsync(
            "webhooks",
            JsonContent.Create(new { url = receiver.Url, events = (string[])["alert.*"] }).RequestedBy("tests"),
            cancellationToken
        );
        subscribed.EnsureSuccessStatusCode();
        receiver._subscription = (await subscribed.Content.ReadFromJsonAsync<JsonElement>(cancellationToken))
            .GetProperty("id")
            .GetString()!;
        return receiver;
    }

    /// <summary>Has a rule tell at once; the timer looks every 15 seconds.</summary>
    public static async Task HurryAsync(PipelineClient client, string rule, double limit, CancellationToken cancellationToken)
    {
        Dictionary<string, object> rules = new() { [rule] = new { limit, resolveAfter = "00:00:00" } };
        using HttpRequestMessage request = new(HttpMethod.Put, "alerts/rules")
        {
            Content = JsonContent.Create(new { rules, reason = "a test is in a hurry" }).RequestedBy("tests"),
        };
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using HttpResponseMessage replaced = await client.Http.SendAsync(request, cancellationToken);
        Assert.True(replaced.IsSuccessStatusCode, await replaced.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The data of the first event of this type about this thing.</summary>
    public async Task<JsonElement> ToldAsync(string type, string rule, string subject, CancellationToken cancellationToken)
    {
        JsonDocument found = await Eventually.HoldsAsync(
            () =>
                Task.FromResult(
                    _told
                        .Where(told => told.GetProperty("type").GetString() == $"serverless.{type}.v1")
                        .Where(told => told.GetProperty("subject").GetString() == $"{rule}/{subject}")
                        .Select(told => JsonDocument.Parse(told.GetProperty("data").GetRawText()))
                        .FirstOrDefault()
                ),
            $"{type} of {rule}/{subject}",
            Limit,
            cancellationToken
        );
        return found.RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        using HttpResponseMessage ended = await _client.Http.DeleteAsync($"webhooks/{_subscription}");
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
                _told.Enqueue(await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.InputStream));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }
}
