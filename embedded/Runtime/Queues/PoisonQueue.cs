using Azure;
using Azure.Storage.Queues;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>Where messages go that failed too often; made when the first one does.</summary>
internal sealed class PoisonQueue(QueueClient queue)
{
    public async Task AddAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(text, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(text, cancellationToken);
        }
    }
}
