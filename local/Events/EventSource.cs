using Microsoft.Extensions.Logging;
using Serverless.Local.Events.AccessLogs;
using Serverless.Local.Events.Delivery;
using Serverless.Local.Events.Stores;
using Serverless.Local.Queues;

namespace Serverless.Local.Events;

/// <summary>From a store to the receiver of its events.</summary>
internal static class EventSource
{
    /// <summary>Runs until it is cancelled; what was not delivered then is at the next start.</summary>
    /// <exception cref="IOException">The file that keeps events cannot be used.</exception>
    public static async Task RunAsync(
        string dataDirectory,
        IWatchedStore store,
        string? accessLog,
        IEventSink sink,
        EventFaults faults,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        using ObjectJournal journal = ObjectJournal.Open(dataDirectory, store, time);
        Wakeup announced = new(time);
        StoreWatcher watcher = new(store, journal, announced, accessLog is not null, time, logger);
        EventDelivery delivery = new(journal.Undelivered, announced, sink, faults, time, logger);
        logger.Watching(store.Name, sink.Name);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Before the first listing, so that nothing falls between.
        await using AccessLog? log = accessLog is null ? null : new AccessLog(accessLog, watcher.Observe, time, logger);
        Task watching = watcher.RunAsync(stop.Token),
            delivering = delivery.RunAsync(stop.Token);
        // Neither ends but when it is told to, or by a fault that the process must not survive.
        Task first = await Task.WhenAny(watching, delivering);
        await stop.CancelAsync();
        await Task.WhenAll(watching, delivering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }
}
