using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Storage;

/// <summary>Azure Queue storage. The text of a message is the body in base64, as the Functions host reads it by default.</summary>
public sealed class AzureWorkQueue(AzureStorageOptions options, string name) : IWorkQueue, IDisposable
{
    // A message may have 64 KiB of base64 text.
    private const int MaxBodyBytes = 48 << 10;
    private const int MaxMessagesPerRequest = 32;

    private readonly QueueClient _queue = AzureClients.CreateQueues(options).GetQueueClient(name);
    private readonly SemaphoreSlim _creating = new(1);
    private volatile bool _created;

    public string Name => AzureObjectStore.StoreName;

    /// <summary>Creates the queue unless it is there; sending and receiving do so by themselves.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) => EnsureQueueAsync(cancellationToken);

    public async Task SendAsync(string id, BinaryData body, CancellationToken cancellationToken)
    {
        int length = body.ToMemory().Length;
        if (length > MaxBodyBytes)
        {
            throw new ArgumentException(
                $"Work item '{id}' has {length} bytes, over the limit of {MaxBodyBytes} of an Azure queue.",
                nameof(body)
            );
        }
        await EnsureQueueAsync(cancellationToken);
        // -1 second: the message never expires.
        await _queue.SendMessageAsync(
            Convert.ToBase64String(body.ToMemory().Span),
            timeToLive: TimeSpan.FromSeconds(-1),
            cancellationToken: cancellationToken
        );
    }

    public async Task<IReadOnlyList<WorkItem>> ReceiveAsync(int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        await EnsureQueueAsync(cancellationToken);
        QueueMessage[] messages = await _queue.ReceiveMessagesAsync(Math.Min(max, MaxMessagesPerRequest), lease, cancellationToken);
        return
        [
            .. messages.Select(m => new WorkItem(m.MessageId, BodyOf(m), (int)m.DequeueCount, m.NextVisibleOn ?? default, m.PopReceipt)),
        ];
    }

    /// <summary>Takes nothing. Null where there is no such queue yet.</summary>
    public async Task<QueueLook?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            PeekedMessage[] waiting = await _queue.PeekMessagesAsync(MaxMessagesPerRequest, cancellationToken);
            QueueProperties properties = await _queue.GetPropertiesAsync(cancellationToken);
            long all = Math.Max(properties.ApproximateMessagesCount, waiting.Length);
            bool isWhole = waiting.Length < MaxMessagesPerRequest;
            return new QueueLook(
                isWhole ? waiting.Length : all,
                isWhole ? all - waiting.Length : null,
                waiting.Min(message => message.InsertedOn)
            );
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return null;
        }
    }

    public async Task<WorkItem?> RenewAsync(WorkItem item, TimeSpan lease, CancellationToken cancellationToken) =>
        await TryUpdateAsync(item, lease, text: null, cancellationToken) is { } receipt
            ? item with
            {
                Receipt = receipt.PopReceipt,
                LeaseUntil = receipt.NextVisibleOn,
            }
            : null;

    public async Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DeleteMessageAsync(item.Id, item.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsLeaseLost(e))
        {
            return false;
        }
    }

    public Task ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        TryUpdateAsync(item, delay, Convert.ToBase64String(item.Body.ToMemory().Span), cancellationToken);

    public void Dispose() => _creating.Dispose();

    /// <param name="text">Null leaves the message as it is.</param>
    private async Task<UpdateReceipt?> TryUpdateAsync(WorkItem item, TimeSpan visibility, string? text, CancellationToken cancellationToken)
    {
        try
        {
            return await _queue.UpdateMessageAsync(item.Id, item.Receipt, text, visibility, cancellationToken);
        }
        catch (RequestFailedException e) when (IsLeaseLost(e))
        {
            return null;
        }
    }

    private async Task EnsureQueueAsync(CancellationToken cancellationToken)
    {
        if (_created)
        {
            return;
        }
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (!_created)
            {
                await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            }
            _created = true;
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Somebody else's message, not in base64, is handed out as it is: the consumer says what it cannot read.</summary>
    private static BinaryData BodyOf(QueueMessage message)
    {
        string text = message.MessageText;
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? new(bytes.AsMemory(0, length)) : message.Body;
    }

    private static bool IsLeaseLost(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch;
}
