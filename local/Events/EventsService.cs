using Microsoft.Extensions.Logging;
using Serverless.Local.Events.Delivery;
using Serverless.Local.Events.Stores;

namespace Serverless.Local.Events;

/// <summary>Watches the stores that have a receiver for their events.</summary>
internal static class EventsService
{
    // As Event Grid waits for a webhook.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(EventsOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = AnswerLimit };
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        EventFaults faults = new(options.Faults);
        List<Task> sources = [];
        if (options.S3.QueueUrl is not null)
        {
            sources.Add(WatchAsync(new S3Bucket(options.S3), options.S3.AccessLog, new SqsQueue(client, options.S3)));
        }

        if (options.Blobs.Host is not null)
        {
            sources.Add(WatchAsync(new AzureContainer(options.Blobs), options.Blobs.AccessLog, Subscriptions(client, options.Blobs)));
        }

        Task first = await Task.WhenAny(sources);
        await stop.CancelAsync();
        await Task.WhenAll(sources).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;

        static IEventSink Subscriptions(HttpClient client, BlobEventsOptions options)
        {
            BlobsWebhook created = new(client, options);
            return options.DeletedQueue is null ? created : new BlobSubscriptions(created, new DeletedBlobsQueue(options));
        }

        async Task WatchAsync(IWatchedStore store, string? accessLog, IEventSink sink)
        {
            using IDisposable? disposable = store as IDisposable;
            await EventSource.RunAsync(options.DataDirectory, store, accessLog, sink, faults, time, logger, stop.Token);
        }
    }
}
