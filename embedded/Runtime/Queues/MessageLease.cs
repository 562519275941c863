using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>Keeps a message hidden while its function runs, and settles it. Short, so that a killed host's messages show again soon.</summary>
internal sealed class MessageLease : IAsyncDisposable
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly QueueClient _queue;
    private readonly QueueMessage _message;
    private readonly CancellationTokenSource _settled = new();
    private readonly Task _renewing;
    private string _receipt;

    private MessageLease(QueueClient queue, QueueMessage message, TimeProvider time)
    {
        (_queue, _message, _receipt) = (queue, message, message.PopReceipt);
        _renewing = RenewAsync(time);
    }

    public static MessageLease Hold(QueueClient queue, QueueMessage message, TimeProvider time) => new(queue, message, time);

    public async Task CompleteAsync()
    {
        await StopRenewingAsync();
        await _queue.DeleteMessageAsync(_message.MessageId, _receipt);
    }

    /// <summary>Gives the message back, to show again after the given time.</summary>
    public async Task ReleaseAsync(TimeSpan visibleAfter)
    {
        await StopRenewingAsync();
        await _queue.UpdateMessageAsync(_message.MessageId, _receipt, (string?)null, visibleAfter);
    }

    public async ValueTask DisposeAsync()
    {
        await StopRenewingAsync();
        _settled.Dispose();
    }

    private async Task StopRenewingAsync()
    {
        await _settled.CancelAsync();
        await _renewing;
    }

    private async Task RenewAsync(TimeProvider time)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Duration / 3, time, _settled.Token);
                var renewed = await _queue.UpdateMessageAsync(_message.MessageId, _receipt, (string?)null, Duration, CancellationToken.None);
                _receipt = renewed.Value.PopReceipt;
            }
            catch (OperationCanceledException) when (_settled.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The next round tries again; two thirds of the lease are left for it.
            }
        }
    }
}
