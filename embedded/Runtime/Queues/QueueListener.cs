using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;
using Serverless.Embedded.Runtime.StorageLog;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>Takes a queue's messages in batches and runs the function for each; one that fails too often goes to the poison queue.</summary>
internal sealed class QueueListener(
    FunctionModel function,
    QueueServiceClient service,
    string queueName,
    QueueTriggerOptions options,
    FunctionRunner runner,
    AccessLogs logs,
    TimeProvider time,
    ILogger<QueueListener> logger) : ITriggerListener
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly QueueClient _queue = service.GetQueueClient(queueName);
    private readonly PoisonQueue _poison = new(service.GetQueueClient($"{queueName}-poison"));
    private readonly Outage _outage = new($"Queue '{queueName}'", logger);
    private readonly Wakeup _arrived = new(time);
    private readonly Wakeup _freed = new(time);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _running;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        logs.Azure?.Subscribe(request =>
        {
            if (AzureRequests.SentMessage(request, service.AccountName, queueName))
                _arrived.Signal();
        });
        _loop = ListenAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        while (Volatile.Read(ref _running) > 0)
            await _freed.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
    }

    public Task RunNowAsync(string input, CancellationToken cancellationToken)
    {
        var message = QueuesModelFactory.QueueMessage("by-hand", "", BinaryData.FromString(input), 1, insertedOn: time.GetUtcNow());
        return runner.RunAsync(function, EventOf(message), cancellationToken);
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        var wait = FirstWait;
        var exists = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!exists)
                    await _queue.CreateIfNotExistsAsync(cancellationToken: stop);
                exists = true;
                QueueMessage[] messages = await _queue.ReceiveMessagesAsync(options.BatchSize, MessageLease.Duration, stop);
                _outage.Over();
                foreach (var message in messages)
                {
                    Interlocked.Increment(ref _running);
                    _ = Task.Run(() => ProcessAsync(message), CancellationToken.None); // a function that blocks holds up no other message
                }

                if (messages.Length > 0)
                    wait = FirstWait;
                else if (await _arrived.WaitAsync(wait, stop))
                    wait = FirstWait;
                else
                    wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, options.MaxPollingInterval.Ticks));
                while (Volatile.Read(ref _running) > options.Threshold)
                    await _freed.WaitAsync(Timeout.InfiniteTimeSpan, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                exists &= failure is not RequestFailedException { Status: 404 }; // deleted while we listened: make it again
                await Task.WhenAny(Task.Delay(_outage.Failed(failure), time, stop));
            }
        }
    }

    private async Task ProcessAsync(QueueMessage message)
    {
        try
        {
            await using var lease = MessageLease.Hold(_queue, message, time);
            await ProcessAsync(message, lease);
        }
        catch (Exception failure)
        {
            // Storage refused the last word; the message shows again when its lease is over.
            Log.MessageNotSettled(logger, message.MessageId, queueName, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _freed.Signal();
        }
    }

    private async Task ProcessAsync(QueueMessage message, MessageLease lease)
    {
        // A count above the limit: earlier deliveries ended with the process and could not be counted as failures.
        if (message.DequeueCount > options.MaxDequeueCount || QueueText.Decode(message.MessageText, options.MessageEncoding) is not { } body)
        {
            await MoveToPoisonAsync(message, lease);
            return;
        }

        try
        {
            await runner.RunAsync(function, EventOf(WithBody(message, body)), CancellationToken.None);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await lease.ReleaseAsync(TimeSpan.Zero);
            return;
        }
        catch (Exception) when (message.DequeueCount < options.MaxDequeueCount)
        {
            await lease.ReleaseAsync(options.VisibilityTimeout);
            if (options.VisibilityTimeout == TimeSpan.Zero)
                _arrived.Signal();
            return;
        }
        catch (Exception)
        {
            await MoveToPoisonAsync(message, lease);
            return;
        }

        await lease.CompleteAsync();
    }

    private async Task MoveToPoisonAsync(QueueMessage message, MessageLease lease)
    {
        Log.MessagePoisoned(logger, message.MessageId, queueName, message.DequeueCount);
        await _poison.AddAsync(message.MessageText, CancellationToken.None);
        await lease.CompleteAsync();
    }

    private TriggerEvent EventOf(QueueMessage message) => new($"message {message.MessageId} in '{queueName}'", message, MessageData.Of(message))
    {
        RetryCount = (int)message.DequeueCount - 1,
        MaxRetryCount = options.MaxDequeueCount,
    };

    private static QueueMessage WithBody(QueueMessage message, BinaryData body) => QueuesModelFactory.QueueMessage(
        message.MessageId, message.PopReceipt, body, message.DequeueCount, message.NextVisibleOn, message.InsertedOn, message.ExpiresOn);
}
