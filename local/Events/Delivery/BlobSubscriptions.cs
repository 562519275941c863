using Serverless.Local.Events.Stores;

namespace Serverless.Local.Events.Delivery;

/// <summary>Two subscriptions to one container: events go where their type is wanted.</summary>
internal sealed class BlobSubscriptions(IEventSink created, IEventSink deleted) : IEventSink
{
    public string Name => $"{created.Name} and the {deleted.Name}";

    public int MaxEvents => Math.Min(created.MaxEvents, deleted.MaxEvents);

    public async Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        ILookup<bool, string> byDeleted = events.ToLookup(BlobEvent.IsDeletion);
        // The queue needs no host that is up, so it comes first: a batch that is sent again has no effect twice.
        await SendAsync(deleted, [.. byDeleted[true]], cancellationToken);
        await SendAsync(created, [.. byDeleted[false]], cancellationToken);
    }

    private static Task SendAsync(IEventSink sink, IReadOnlyList<string> events, CancellationToken cancellationToken) =>
        events.Count == 0 ? Task.CompletedTask : sink.SendAsync(events, cancellationToken);
}
