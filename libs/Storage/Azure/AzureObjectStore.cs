using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Storage;

/// <summary>Azure Blob storage: the first segment of a path is the container, which is made when first written to.</summary>
public sealed class AzureObjectStore(AzureStorageOptions options) : IObjectStore
{
    internal const string StoreName = "azure";

    private readonly BlobServiceClient _service = AzureClients.CreateBlobs(options);
    private readonly ConcurrentDictionary<string, bool> _knownContainers = new();

    public string Name => StoreName;

    public Uri Origin => new(_service.Uri.GetLeftPart(UriPartial.Authority));

    public (string Container, string Key) Locate(string path)
    {
        var (container, key) = AzurePath.Split(path);
        return (container, key);
    }

    public string PathOf(string container, string key) => AzureObjects.PathOf(container, key);

    public IObjectStore In(string container) => this;

    public async Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            // Azure answers a name that none can have, such as one with dots, with 400.
            return AzurePath.IsContainerName(container) && await _service.GetBlobContainerClient(container).ExistsAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw new ContainerException(Name, container, $"the account refuses to tell of it ({e.ErrorCode})", e);
        }
    }

    public async Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (path.EndsWith('/'))
        {
            return null; // a folder's mark; what has content besides cannot be asked for
        }
        if (!AzurePath.CanBeAskedFor(path))
        {
            return await this.FindListedAsync(path, cancellationToken);
        }
        try
        {
            BlobProperties found = await BlobOf(path).GetPropertiesAsync(cancellationToken: cancellationToken);
            return AzureObjects.Of(path, found);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        BlobRequestConditions conditions = new() { IfMatch = version is null ? null : new ETag($"\"{version}\"") };
        try
        {
            // The stream resumes after a broken connection, at the ETag it began with.
            return (await DownloadAsync(path, offset, conditions, cancellationToken)).Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new ObjectMissingException(Name, path, e);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            throw new ObjectChangedException(Name, path, version!, e);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            return Stream.Null;
        }
    }

    public async Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            using BlobDownloadStreamingResult found = await DownloadAsync(path, 0, new(), cancellationToken);
            BlobDownloadDetails details = found.Details;
            if (details.ContentLength > maxBytes)
            {
                throw new ObjectTooLargeException(Name, path, details.ContentLength, maxBytes);
            }
            byte[] bytes = new byte[details.ContentLength];
            await found.Content.ReadExactlyAsync(bytes, cancellationToken);
            return new(AzureObjects.Of(path, details), new(bytes));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            using BlobDownloadStreamingResult found = await DownloadAsync(
                path,
                new() { Range = new HttpRange(0, maxBytes) },
                cancellationToken
            );
            BlobDownloadDetails details = found.Details;
            byte[] head = new byte[details.ContentLength];
            await found.Content.ReadExactlyAsync(head, cancellationToken);
            return new(AzureObjects.Of(path, details), new(head), GivenMetadata.Read(details.Metadata));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            // Nothing has no first byte.
            return await FindAsync(path, cancellationToken) is { } empty ? new(empty, BinaryData.Empty) : null;
        }
    }

    public Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    ) => WriteAsync(path, content, condition, contentType, given: null, cancellationToken);

    /// <param name="given">What is said of the object; it passed <see cref="GivenMetadata.FaultOf"/>.</param>
    /// <exception cref="ObjectConflictException">The condition does not hold.</exception>
    public async Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        IReadOnlyDictionary<string, string>? given,
        CancellationToken cancellationToken
    )
    {
        var (container, key) = AzurePath.Parse(path);
        await EnsureContainerAsync(container, cancellationToken);
        AzureUpload upload = new(
            _service.GetBlobContainerClient(container).GetBlockBlobClient(key),
            options.BlockBytes,
            condition,
            contentType,
            GivenMetadata.Write(given)
        );
        try
        {
            BlobContentInfo written = await upload.RunAsync(content, cancellationToken);
            return new(path, AzureObjects.VersionOf(written.ETag), upload.Length, written.LastModified, contentType);
        }
        catch (RequestFailedException e) when (IsConflict(e, condition))
        {
            throw new ObjectConflictException(Name, path, condition, e);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            _knownContainers.TryRemove(container, out _);
            throw;
        }
    }

    public async Task<UploadAddress> CreateUploadAddressAsync(
        string path,
        IReadOnlyDictionary<string, string> given,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        BlobClient blob = BlobOf(path);
        // Whoever has the address could not make a container that somebody has removed since this process last saw it.
        _knownContainers.TryRemove(blob.BlobContainerName, out _);
        await EnsureContainerAsync(blob.BlobContainerName, cancellationToken);
        return await AzureSignedAddress.ForUploadAsync(_service, blob, given, expires, cancellationToken);
    }

    public Task<IReadOnlyList<UploadedPart>> ListUploadedPartsAsync(string path, CancellationToken cancellationToken) =>
        AzureSignedAddress.ListPartsAsync(_service, BlobOf(path), cancellationToken);

    public Task<Uri> CreateDownloadAddressAsync(string path, DateTimeOffset expires, CancellationToken cancellationToken) =>
        AzureSignedAddress.ForDownloadAsync(_service, BlobOf(path), expires, cancellationToken);

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
        await BlobOf(path).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);

    public async Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken)
    {
        var (container, key) = AzurePath.Split(path);
        try
        {
            await foreach (
                BlobItem blob in _service
                    .GetBlobContainerClient(container)
                    .GetBlobsAsync(BlobTraits.None, BlobStates.Version | BlobStates.Deleted, key, cancellationToken)
            )
            {
                if (blob.Name != key)
                {
                    break; // in the order of the names: the one of exactly this name comes first
                }
                if (blob.Deleted || blob.IsLatestVersion != true)
                {
                    return ObjectRemains.Versions;
                }
            }
            return ObjectRemains.None;
        }
        catch (RequestFailedException)
        {
            return ObjectRemains.Unknown;
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (container, keyPrefix) = AzurePath.ParsePrefix(prefix);
        await using var blobs = _service
            .GetBlobContainerClient(container)
            .GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, keyPrefix, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(blobs))
        {
            if (AzureObjects.Of(container, blobs.Current) is { } found)
            {
                yield return found;
            }
        }
    }

    public async Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken)
    {
        var (container, keyPrefix) = AzurePath.ParsePrefix(prefix);
        try
        {
            await using IAsyncEnumerator<Page<BlobItem>> pages = _service
                .GetBlobContainerClient(container)
                .GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, keyPrefix, cancellationToken)
                .AsPages(after, maxObjects)
                .GetAsyncEnumerator(cancellationToken);
            await pages.MoveNextAsync(); // an empty listing has a page too
            Page<BlobItem> page = pages.Current;
            string? next = page.ContinuationToken is { Length: > 0 } token ? token : null;
            return new([.. page.Values.Select(blob => AzureObjects.Of(container, blob)).OfType<StoredObject>()], next);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw new ContainerException(Name, container, "the account has no such container", e);
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw new ContainerException(Name, container, $"it is refused ({e.ErrorCode})", e);
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<BlobItem> blobs)
    {
        try
        {
            return await blobs.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
    }

    /// <summary>Whoever commits first drops the others' blocks, whose lists are then invalid: they have lost the race.</summary>
    private static bool IsConflict(RequestFailedException e, WriteCondition condition) =>
        condition != WriteCondition.Always && (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.InvalidBlockList);

    private BlobClient BlobOf(string path)
    {
        var (container, key) = AzurePath.Parse(path);
        return _service.GetBlobContainerClient(container).GetBlobClient(key);
    }

    private Task<BlobDownloadStreamingResult> DownloadAsync(
        string path,
        long offset,
        BlobRequestConditions conditions,
        CancellationToken cancellationToken
    ) => DownloadAsync(path, new() { Range = offset == 0 ? default : new HttpRange(offset), Conditions = conditions }, cancellationToken);

    private async Task<BlobDownloadStreamingResult> DownloadAsync(
        string path,
        BlobDownloadOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await BlobOf(path).DownloadStreamingAsync(options, cancellationToken);
        }
        catch (RequestFailedException e)
            when (e.ErrorCode == BlobErrorCode.BlobArchived || e.ErrorCode == BlobErrorCode.BlobBeingRehydrated)
        {
            throw new ObjectArchivedException(Name, path, e);
        }
    }

    private async Task EnsureContainerAsync(string container, CancellationToken cancellationToken)
    {
        if (_knownContainers.ContainsKey(container))
        {
            return;
        }
        await _service.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        _knownContainers[container] = true;
    }
}
