using System.Text.Json;
using Azure.Storage.Queues;
using Serverless.Embedded.Runtime.Queues;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Reports blobs that failed too often, in the official host's queue and message shape.</summary>
internal sealed class PoisonBlobs(QueueServiceClient queues)
{
    public const string QueueName = "webjobs-blobtrigger-poison";

    private readonly PoisonQueue _queue = new(queues.GetQueueClient(QueueName));

    public Task AddAsync(string functionId, ArrivedBlob blob, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Type = "BlobTrigger",
            FunctionId = functionId,
            BlobType = $"{blob.Properties.BlobType}Blob",
            ContainerName = blob.Container.Name,
            BlobName = blob.Name,
            ETag = blob.Properties.ETag.ToString("H"),
        });
        return _queue.AddAsync(QueueText.Encode(BinaryData.FromBytes(message), QueueTextEncoding.Base64), cancellationToken);
    }
}
