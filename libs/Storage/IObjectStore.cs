namespace Serverless.Storage;

/// <summary>
/// Objects by path ("media/a/b.jpg"). The empty objects by which tools mark a folder are none: they are neither found nor listed.
/// One instance serves the whole process from all threads. Transient faults are
/// retried inside for about a minute; what is thrown after that is the SDK's own exception.
/// </summary>
public interface IObjectStore
{
    /// <summary>"azure" or "s3".</summary>
    string Name { get; }

    /// <summary>Scheme, host and port of the addresses that are given for uploads and downloads.</summary>
    Uri Origin { get; }

    /// <summary>
    /// Where a path lies in the store's own terms. It names what a listing shows, also keys that no other method here takes.
    /// </summary>
    (string Container, string Key) Locate(string path);

    /// <summary>The inverse of <see cref="Locate"/>.</summary>
    string PathOf(string container, string key);

    /// <summary>
    /// The store as it reaches another container of its account: itself where paths name the container, else one whose paths are keys of
    /// that bucket.
    /// </summary>
    IObjectStore In(string container);

    /// <summary>Whether the account that the store is configured for has a container, or bucket, of this name.</summary>
    /// <exception cref="ContainerException">The account does not say.</exception>
    Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken);

    /// <summary>
    /// Null when there is no such object. Any key of a listing is found, also one that no other method here takes.
    /// </summary>
    Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// The content from <paramref name="offset"/> on, of one version from first byte to last: the current one, or exactly
    /// <paramref name="version"/>.
    /// </summary>
    /// <exception cref="ObjectMissingException"/>
    /// <exception cref="ObjectArchivedException">The same goes for the other ways to read.</exception>
    /// <exception cref="ObjectChangedException">Another version than the wanted one is current.</exception>
    Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken);

    /// <summary>Null when there is no such object.</summary>
    /// <exception cref="ObjectTooLargeException"/>
    Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// The first bytes of the current version, in one request; what is told of the object is of the whole. Null when there is no such
    /// object.
    /// </summary>
    Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Writes from the stream's position to its end, of any length, in bounded memory; the object appears whole or not at all.
    /// </summary>
    /// <exception cref="ObjectConflictException">
    /// The condition does not hold. It may be an earlier attempt of this very write, whose answer was lost, that stands in the way.
    /// </exception>
    Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    );

    /// <summary>An address at which whoever has it may write this object, and nothing else, until it expires.</summary>
    /// <param name="given">
    /// What is said of the object, in headers that the answer names; it passed <see cref="GivenMetadata.FaultOf"/>. S3 takes it with these
    /// alone.
    /// </param>
    Task<UploadAddress> CreateUploadAddressAsync(
        string path,
        IReadOnlyDictionary<string, string> given,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// What arrived at an object's address of an upload in parts that was not ended; empty where the store takes none there.
    /// </summary>
    Task<IReadOnlyList<UploadedPart>> ListUploadedPartsAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// An address at which whoever has it may read this object, as it is then and in ranges, until it expires. It is a secret.
    /// </summary>
    Task<Uri> CreateDownloadAddressAsync(string path, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>False when there was no such object.</summary>
    Task<bool> DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>What is left of an object that was deleted, where the store keeps versions or deleted objects and tells of them.</summary>
    Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken);

    /// <summary>All objects whose path starts with the prefix, in the order of the store, fetched page by page.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>A part of that listing, for who goes on later, in another process too.</summary>
    /// <param name="after">What the part before said; null at the beginning.</param>
    /// <param name="maxObjects">1 to 1,000; fewer, or none, may come although there are more.</param>
    /// <exception cref="ContainerException">There is no such container, or it may not be listed.</exception>
    Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken);
}
