using Serverless.Local.Events.AccessLogs;

namespace Serverless.Local.Events.Stores;

/// <summary>Objects of a store, and the events that the store's cloud makes of them.</summary>
internal interface IWatchedStore
{
    /// <summary>For logs and file names.</summary>
    string Name { get; }

    /// <summary>The key of the object that the request changed; null for any other request, and where nobody asks for the key.</summary>
    string? ChangedKey(AccessLogLine request);

    IAsyncEnumerable<IReadOnlyList<FoundObject>> ListPagesAsync(CancellationToken cancellationToken);

    /// <summary>Null where there is no such object.</summary>
    Task<FoundObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether the failure means that the store is away for now.</summary>
    bool IsOutage(Exception failure);

    /// <summary>The event of a new version, as JSON.</summary>
    string DescribeCreated(FoundObject found);

    /// <summary>The event of an object that is gone, as JSON; null where nobody asks for it.</summary>
    string? DescribeDeleted(FoundObject last);
}
