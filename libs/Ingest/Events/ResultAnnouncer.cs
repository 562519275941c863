using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Serverless.Webhooks;

namespace Serverless.Ingest.Events;

/// <summary>
/// Posts results as signed CloudEvents. One that is not accepted is kept in the outbox, which is emptied as soon as the receiver accepts
/// another; so each is delivered at least once. Thread-safe.
/// </summary>
/// <param name="news">Where webhooks are; elsewhere whoever is posted to tells them.</param>
public sealed class ResultAnnouncer(
    HttpClient http,
    EventsOptions options,
    AnnouncementOutbox outbox,
    TimeProvider time,
    ILogger<ResultAnnouncer> log,
    AssetNews? news = null
)
{
    private const int Attempts = 3;

    private int _mayBeKept = 1; // by an earlier process; 0 once the outbox was seen empty

    private readonly WebhookSignature? _signature = options.Endpoint is null ? null : new WebhookSignature(options.ReadKeys(), time);

    /// <summary>True when the receiver accepted it; false when it is kept for later, or there is no receiver.</summary>
    public async Task<bool> AnnounceAsync(AssetSettled settled, CancellationToken cancellationToken)
    {
        if (news is not null)
        {
            await news.TellAsync(settled, cancellationToken);
        }
        if (_signature is null)
        {
            return false;
        }
        if (await TryAnnounceAsync(settled, cancellationToken))
        {
            await DeliverKeptAsync(cancellationToken);
            return true;
        }
        await outbox.KeepAsync(settled, cancellationToken);
        Volatile.Write(ref _mayBeKept, 1);
        return false;
    }

    /// <summary>Tries again what was kept, until all is delivered or the receiver refuses one; says how many were.</summary>
    public async Task<int> DeliverKeptAsync(CancellationToken cancellationToken)
    {
        if (_signature is null || Interlocked.Exchange(ref _mayBeKept, 0) == 0)
        {
            return 0;
        }
        int delivered = 0;
        try
        {
            await foreach (AssetSettled kept in outbox.ListAsync(cancellationToken))
            {
                CloudEvent<AssetSettled> announcement = kept.ToCloudEvent(time.GetUtcNow());
                if (await PostAsync(announcement.Id, AssetsJson.Write(announcement).ToArray(), cancellationToken) is { } fault)
                {
                    log.NotAnnounced(announcement.Id, fault);
                    Volatile.Write(ref _mayBeKept, 1);
                    break;
                }
                await outbox.RemoveAsync(kept, cancellationToken);
                delivered++;
            }
            return delivered;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _mayBeKept, 1);
            log.OutboxNotRead(e);
            return delivered;
        }
    }

    private async Task<bool> TryAnnounceAsync(AssetSettled settled, CancellationToken cancellationToken)
    {
        CloudEvent<AssetSettled> announcement = settled.ToCloudEvent(time.GetUtcNow());
        byte[] body = AssetsJson.Write(announcement).ToArray();
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.AnnounceWithin);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                string? fault = await PostAsync(announcement.Id, body, deadline.Token);
                if (fault is null)
                {
                    return true;
                }
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
        foreach ((string name, string value) in _signature!.Sign(id, body))
        {
            request.Headers.Add(name, value);
        }
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
