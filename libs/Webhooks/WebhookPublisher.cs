using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Webhooks;

/// <summary>
/// Tells of events. Once it returns the event is in a queue, from where it finds its subscribers, whatever happens to this process.
/// Thread-safe.
/// </summary>
public sealed class WebhookPublisher(IWorkQueue queue, TimeProvider time)
{
    public const string QueueName = "webhook-events";

    /// <param name="key">Names the event among all of its type: telling it again, after a crash, gives it the same id.</param>
    public Task PublishAsync<T>(string type, string subject, string key, T data, CancellationToken cancellationToken)
    {
        string id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\n{subject}\n{key}")))[..32];
        JsonElement json = JsonSerializer.SerializeToElement(data, StoredJson.Options);
        return queue.SendAsync(id, StoredJson.Write(new WebhookEvent(id, type, subject, time.GetUtcNow(), json)), cancellationToken);
    }
}
