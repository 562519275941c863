using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Serverless.Webhooks;

namespace Serverless.Assets.Events;

/// <summary>
/// Posts results as signed CloudEvents. An announcement is a courtesy that saves waiting for the next reconcile, so that failing
/// to deliver one is logged and fails nothing. Thread-safe.
/// </summary>
public sealed class ResultAnnouncer(HttpClient http, EventsOptions options, TimeProvider time, ILogger<ResultAnnouncer> log)
{
    private const int Attempts = 3;

    private readonly WebhookSignature? _signature =
        options.Endpoint is null ? null : new WebhookSignature(options.SigningKey ?? "", time);

    /// <summary>True when the receiver accepted it; false too when there is none.</summary>
    public async Task<bool> AnnounceAsync(AssetSettled settled, CancellationToken cancellationToken)
    {
        if (_signature is null) return false;
        CloudEvent<AssetSettled> announcement = settled.ToCloudEvent(time.GetUtcNow());
        byte[] body = AssetsJson.Write(announcement).ToArray();
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.AnnounceWithin);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                string? fault = await PostAsync(announcement.Id, body, deadline.Token);
                if (fault is null) return true;
                if (attempt == Attempts)
                {
                    log.NotAnnounced(announcement.Id, fault);
                    return false;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), time, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.NotAnnounced(announcement.Id, $"no answer within {options.AnnounceWithin}");
            return false;
        }
    }

    private async Task<string?> PostAsync(string id, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, options.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent<AssetSettled>.ContentType);
        foreach ((string name, string value) in _signature!.Sign(id, body)) request.Headers.Add(name, value);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"the receiver answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
