using System.Text;
using System.Text.Json;

namespace Serverless.Local.Events.Delivery;

/// <summary>
/// Posts events to the blobs webhook of a Functions host, as an Event Grid subscription does.
/// https://learn.microsoft.com/azure/azure-functions/functions-event-grid-blob-trigger
/// </summary>
internal sealed class BlobsWebhook(HttpClient client, BlobEventsOptions options) : IEventSink
{
    public string Name => $"blobs webhook of {options.Host} for {options.Function}";

    public int MaxEvents => options.MaxEventsPerBatch;

    public async Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, AddressFor(await ReadKeyAsync(cancellationToken)))
        {
            Content = new StringContent($"[{string.Join(',', events)}]", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("aeg-event-type", "Notification");
        request.Headers.Add("aeg-subscription-name", options.Function.ToUpperInvariant());
        request.Headers.Add("aeg-metadata-version", "1");
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private Uri AddressFor(string key) =>
        new(
            options.Host!,
            $"runtime/webhooks/blobs?functionName=Host.Functions.{Uri.EscapeDataString(options.Function)}&code={Uri.EscapeDataString(key)}"
        );

    private async Task<string> ReadKeyAsync(CancellationToken cancellationToken)
    {
        if (options.KeysFile is not { } file)
        {
            return options.Key;
        }

        try
        {
            using JsonDocument keys = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
            return keys.RootElement.GetProperty("systemKeys").GetProperty("blobs_extension").GetString()!;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException)
        {
            throw new HttpRequestException($"The host has made no key for the blobs extension yet: {file}", e);
        }
    }
}
