using System.Text.Json;
using Serverless.Local.Events.Stores;

namespace Serverless.Local.Events.Delivery;

/// <summary>
/// Sends S3 records to a queue as S3 does, several together in a message where several are due.
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
/// </summary>
internal sealed class SqsQueue(HttpClient client, S3EventsOptions options) : IEventSink
{
    private const int MaxMessages = 10;

    public string Name => $"queue {options.QueueUrl}";

    public int MaxEvents => MaxMessages * options.RecordsPerMessage;

    public async Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                QueueUrl = options.QueueUrl!.AbsoluteUri,
                Entries = events
                    .Chunk(options.RecordsPerMessage)
                    .Select((records, i) => new { Id = $"{i}", MessageBody = S3Notification.Format(records) }),
            }
        );
        using HttpRequestMessage request = new(HttpMethod.Post, options.QueueUrl) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Amz-Target", "AmazonSQS.SendMessageBatch");
        request.Content.Headers.ContentType = new("application/x-amz-json-1.0");
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
