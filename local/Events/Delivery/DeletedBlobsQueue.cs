using Azure;
using Azure.Storage.Queues;

namespace Serverless.Local.Events.Delivery;

/// <summary>
/// Puts events into a storage queue, one a message in base64, as an Event Grid subscription with such a destination does.
/// https://learn.microsoft.com/azure/event-grid/handler-storage-queues
/// </summary>
internal sealed class DeletedBlobsQueue(BlobEventsOptions options) : IEventSink
{
    private readonly QueueClient _queue = new(
        options.ConnectionString,
        options.DeletedQueue,
        new QueueClientOptions
        {
            MessageEncoding = QueueMessageEncoding.Base64,
            Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(10) },
        }
    );

    public string Name => $"queue {options.DeletedQueue}";

    public int MaxEvents => options.MaxEventsPerBatch;

    public async Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            foreach (string one in events)
            {
                await _queue.SendMessageAsync(one, cancellationToken);
            }
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            throw new HttpRequestException($"The {Name} is away: {e.GetBaseException().Message}", e);
        }
    }
}
