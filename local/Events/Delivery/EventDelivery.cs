using Microsoft.Extensions.Logging;
using Serverless.Local.Queues;

namespace Serverless.Local.Events.Delivery;

/// <summary>
/// Delivers events in batches until they are accepted, as often as it takes. After a batch was not accepted its events go one by
/// one, so that one which is never accepted holds up no other.
/// </summary>
internal sealed class EventDelivery(
    MessageQueue undelivered,
    Wakeup announced,
    IEventSink sink,
    EventFaults faults,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _batchSize = sink.MaxEvents;
    private int _failures;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<QueueMessage> batch = undelivered.Take(_batchSize);
            if (batch.Count == 0)
            {
                TimeSpan wait = undelivered.UntilNext() is { } next && next < LongestWait ? next : LongestWait;
                await announced.WaitAsync(wait, cancellationToken);
            }
            else if (await TrySendAsync(batch, cancellationToken))
            {
                undelivered.Finish(batch, new HashSet<string>());
                _batchSize = Math.Min(sink.MaxEvents, _batchSize * 2);
            }
            else
            {
                undelivered.Finish(batch, batch.Select(message => message.Id).ToHashSet());
                TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(_failures - 1, 10));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
            }
        }
    }

    private async Task<bool> TrySendAsync(IReadOnlyList<QueueMessage> batch, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<string> arriving = faults.Apply([.. batch.Select(message => message.Body)]);
            foreach (string[] events in arriving.Chunk(sink.MaxEvents))
            {
                await sink.SendAsync(events, cancellationToken);
            }

            if (_failures > 0)
            {
                logger.EventsAreAccepted(sink.Name, _failures);
            }

            _failures = 0;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            if (_failures++ == 0)
            {
                logger.EventsAreNotAccepted(sink.Name, batch.Count, e.Message.ReplaceLineEndings(" "));
            }

            // Without a status the receiver is away, for whatever the events are.
            _batchSize = e is HttpRequestException { StatusCode: not null } ? 1 : _batchSize;
            return false;
        }
    }
}
