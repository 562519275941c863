using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

public enum RemovalKind
{
    /// <summary>The object is gone, and the store did not say whether it keeps older versions of it.</summary>
    Untold,

    /// <summary>
    /// A delete marker, or what Azure makes of a deletion: older versions are kept, and the object comes back with one of them.
    /// </summary>
    Marker,

    /// <summary>Nothing of the object is kept.</summary>
    Permanent,

    /// <summary>A version that was overwritten before is gone; the object is there.</summary>
    OldVersion,

    /// <summary>The object is there again, for instance since its delete marker was removed.</summary>
    Returned,
}

/// <summary>Something that was removed of an asset, in its history.</summary>
/// <param name="VersionId">The store's own, of what was removed; null where it has none, or did not say.</param>
public sealed record RemovalNote(DateTimeOffset At, RemovalKind Kind, string? VersionId = null);

/// <summary>What an event says of a removal.</summary>
/// <param name="IsMarker">That a delete marker was made; else that something was deleted for good.</param>
/// <param name="VersionId">Of what was removed; null in a bucket without versions.</param>
public sealed record ToldRemoval(bool IsMarker, string? VersionId)
{
    /// <summary>The store knows what is left, the event what was done: where both say something, the store is right.</summary>
    public static RemovalKind KindOf(ToldRemoval? told, ObjectRemains remains) =>
        remains switch
        {
            ObjectRemains.Versions => RemovalKind.Marker,
            ObjectRemains.None => RemovalKind.Permanent,
            _ when told is null => RemovalKind.Untold,
            _ => told switch
            {
                { IsMarker: true } => RemovalKind.Marker,
                // Without versions there is nothing else to be deleted.
                { VersionId: null } => RemovalKind.Permanent,
                _ => RemovalKind.Untold,
            },
        };
}
