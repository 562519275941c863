namespace Serverless.Storage;

/// <summary>What a store knows of one object.</summary>
/// <param name="Version">
/// The ETag without quotes, in every store: events, listings and conditional requests all carry it, while ids of S3 and
/// Blob versioning are missing from listings.
/// </param>
/// <param name="LastModified">As the store tells it; after a write to S3, which does not tell, the writer's clock.</param>
/// <param name="StorageClass">
/// Access tier or storage class in the store's own word; null for the usual one (Hot, STANDARD), and where it does not tell, as Azure with
/// the content.
/// </param>
/// <param name="IsArchived">Whether it cannot be read until it is restored, as far as the class and a restored copy tell.</param>
public sealed record StoredObject(
    string Path,
    string Version,
    long Length,
    DateTimeOffset LastModified,
    string? ContentType,
    string? StorageClass = null,
    bool IsArchived = false
);

/// <summary>A small object read whole, or the head of one.</summary>
/// <param name="Given">What its writer said of it, see <see cref="GivenMetadata"/>; null where it said or was asked nothing.</param>
public sealed record ObjectContent(StoredObject Object, BinaryData Data, IReadOnlyDictionary<string, string>? Given = null);

/// <summary>What a store keeps of an object that is not there.</summary>
public enum ObjectRemains
{
    /// <summary>It does not say.</summary>
    Unknown,
    None,

    /// <summary>Older versions, or the object itself for a while.</summary>
    Versions,
}

/// <summary>A part of a listing.</summary>
/// <param name="Next">Where to go on, in the store's own terms; null at the end.</param>
public sealed record ObjectPage(IReadOnlyList<StoredObject> Objects, string? Next);
