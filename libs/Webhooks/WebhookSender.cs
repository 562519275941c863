using System.Net.Http.Headers;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Webhooks;

/// <summary>Makes single tries. Follows no redirect, reads no answer's body, connects only where the policy allows. Thread-safe.</summary>
public sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _http;
    private readonly AddressPolicy _policy;
    private readonly TimeProvider _time;

    public WebhookSender(WebhookOptions options, AddressPolicy policy, TimeProvider time)
    {
        (_policy, _time) = (policy, time);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false, // a proxy would connect where the policy cannot look
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectCallback = policy.ConnectAsync,
            }
        )
        {
            Timeout = options.AnswerWithin,
        };
    }

    public async Task<DeliveryAttempt> SendAsync(WebhookSubscription subscription, WebhookEvent told, CancellationToken cancellationToken)
    {
        DateTimeOffset at = _time.GetUtcNow();
        long started = _time.GetTimestamp();
        (int? status, string? fault, bool hopeless) = _policy.Fault(subscription.Url) is { } refused
            ? (null, refused, true)
            : await PostAsync(subscription, told, cancellationToken);
        return new DeliveryAttempt(at, status, fault, _time.GetElapsedTime(started).TotalMilliseconds, hopeless);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int? Status, string? Fault, bool Hopeless)> PostAsync(
        WebhookSubscription subscription,
        WebhookEvent told,
        CancellationToken cancellationToken
    )
    {
        byte[] body = StoredJson.Write(told.ToCloudEvent()).ToArray();
        using HttpRequestMessage request = new(HttpMethod.Post, subscription.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent<JsonElement>.ContentType);
        foreach ((string name, string value) in new WebhookSignature(subscription.SecretsAt(_time.GetUtcNow()), _time).Sign(told.Id, body))
        {
            request.Headers.Add(name, value);
        }
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            int status = (int)response.StatusCode;
            // 410: the receiver is gone and says so (standardwebhooks.com).
            return response.IsSuccessStatusCode ? (status, null, false) : (status, $"the receiver answered {status}", status == 410);
        }
        catch (HttpRequestException e)
        {
            return (null, (e.InnerException as AddressRefusedException)?.Message ?? e.Message, e.InnerException is AddressRefusedException);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {_http.Timeout.TotalSeconds:0.#} s", false);
        }
    }
}
