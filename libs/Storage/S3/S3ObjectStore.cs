using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace Serverless.Storage;

/// <summary>One bucket of Amazon S3 or of a server like it. A path is the key.</summary>
public sealed class S3ObjectStore(S3StorageOptions options, TimeProvider time) : IObjectStore, IDisposable
{
    internal const string StoreName = "s3";

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    private const int MaxKeyBytes = 1024;

    private const string GivenPrefix = "x-amz-meta-";

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html: one PUT takes 5 GB
    private const long MaxPutBytes = 5L << 30;

    private static readonly List<string> RestoreStatus = ["RestoreStatus"];

    private readonly AmazonS3Client _client = S3Client.Create(options);
    private readonly string _bucket = options.Bucket ?? throw new ArgumentException("S3 has no Bucket.", nameof(options));

    private readonly ConcurrentDictionary<string, S3ObjectStore> _others = new(StringComparer.Ordinal); // by bucket

    public string Name => StoreName;

    public Uri Origin =>
        new(
            new Uri(_client.DetermineServiceOperationEndpoint(new GetObjectRequest { BucketName = _bucket }).URL).GetLeftPart(
                UriPartial.Authority
            )
        );

    public (string Container, string Key) Locate(string path) => (_bucket, path);

    public string PathOf(string container, string key) =>
        container == _bucket
            ? key
            : throw new ArgumentException($"Key '{key}' is of bucket '{container}'; this store is bucket '{_bucket}'.", nameof(container));

    public IObjectStore In(string container) =>
        container == _bucket ? this : _others.GetOrAdd(container, bucket => new S3ObjectStore(options.Of(bucket), time));

    /// <remarks>Asks for the account's own buckets: those of others answer too, where they are public.</remarks>
    public async Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken)
    {
        ListBucketsRequest request = new() { Prefix = container };
        try
        {
            ListBucketsResponse page;
            do
            {
                page = await _client.ListBucketsAsync(request, cancellationToken);
                if ((page.Buckets ?? []).Any(bucket => bucket.BucketName == container))
                {
                    return true;
                }
                request.ContinuationToken = page.ContinuationToken;
            } while (!string.IsNullOrEmpty(page.ContinuationToken));
            return false;
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new ContainerException(Name, container, $"the account does not list its buckets ({e.ErrorCode}, s3:ListAllMyBuckets)", e);
        }
    }

    public async Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Any(char.IsControl))
        {
            return await this.FindListedAsync(path, cancellationToken);
        }
        try
        {
            GetObjectMetadataResponse found = await _client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = _bucket, Key = KeyOf(path) },
                cancellationToken
            );
            return S3Objects.Of(path, found);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return await GetAsync(path, version, offset, cancellationToken) is { } first
            ? ReadOn(path, first, offset)
            : throw new ObjectMissingException(Name, path);
    }

    public async Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken)
    {
        if (await GetAsync(path, version: null, offset: 0, cancellationToken) is not { } found)
        {
            return null;
        }
        await using S3ReadStream content = ReadOn(path, found, 0);
        if (found.ContentLength > maxBytes)
        {
            throw new ObjectTooLargeException(Name, path, found.ContentLength, maxBytes);
        }
        byte[] bytes = new byte[found.ContentLength];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new(S3Objects.Of(path, found), new(bytes));
    }

    /// <remarks>Not by a range: servers like S3 answer one of an empty object in ways of their own.</remarks>
    public async Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        if (await GetAsync(path, version: null, offset: 0, cancellationToken) is not { } found)
        {
            return null;
        }
        await using S3ReadStream content = ReadOn(path, found, 0);
        byte[] head = new byte[Math.Min(found.ContentLength, maxBytes)];
        await content.ReadExactlyAsync(head, cancellationToken);
        return new(
            S3Objects.Of(path, found),
            new(head),
            GivenMetadata.Read(
                (found.Metadata?.Keys ?? []).Select(name => KeyValuePair.Create(name[GivenPrefix.Length..], found.Metadata![name]))
            )
        );
    }

    public async Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        S3Upload upload = new(_client, options.PartBytes, _bucket, KeyOf(path), condition, contentType);
        try
        {
            string tag = await upload.RunAsync(content, cancellationToken);
            return new(path, S3Objects.VersionOf(tag), upload.Length, time.GetUtcNow(), contentType);
        }
        catch (AmazonS3Exception e) when (IsConflict(e, condition))
        {
            throw new ObjectConflictException(Name, path, condition, e);
        }
    }

    public async Task<UploadAddress> CreateUploadAddressAsync(
        string path,
        IReadOnlyDictionary<string, string> given,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, string> headers = GivenMetadata.WriteHeaders(GivenPrefix, given);
        return new(await SignAsync(path, HttpVerb.PUT, headers, expires, cancellationToken), "PUT", headers, expires, MaxPutBytes);
    }

    public Task<IReadOnlyList<UploadedPart>> ListUploadedPartsAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UploadedPart>>([]); // each part of an upload to S3 needs an address of its own; none are given out

    public Task<Uri> CreateDownloadAddressAsync(string path, DateTimeOffset expires, CancellationToken cancellationToken) =>
        SignAsync(path, HttpVerb.GET, GivenMetadata.None, expires, cancellationToken);

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        // S3 answers alike whether there was an object or not.
        if (await FindAsync(path, cancellationToken) is null)
        {
            return false;
        }
        await _client.DeleteObjectAsync(_bucket, path, cancellationToken); // one that is not read can be removed
        return true;
    }

    public async Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken)
    {
        // The newest first: a delete marker, and behind it what it hides.
        ListVersionsRequest request = new()
        {
            BucketName = _bucket,
            Prefix = path,
            MaxKeys = 2,
            Encoding = S3Keys.Asked,
        };
        try
        {
            ListVersionsResponse page = await _client.ListVersionsAsync(request, cancellationToken);
            return (page.Versions ?? []).Any(version => S3Keys.Read(version.Key, page.Encoding) == path && version.IsDeleteMarker != true)
                ? ObjectRemains.Versions
                : ObjectRemains.None;
        }
        catch (AmazonS3Exception)
        {
            return ObjectRemains.Unknown; // not allowed (s3:ListBucketVersions), or a server without versions
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = ListingOf(prefix);
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellationToken);
            foreach (StoredObject found in S3Objects.In(page))
            {
                yield return found;
            }
            request.ContinuationToken = page.NextContinuationToken;
        } while (page.IsTruncated == true);
    }

    public async Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = ListingOf(prefix);
        (request.MaxKeys, request.ContinuationToken) = (maxObjects, after);
        try
        {
            ListObjectsV2Response page = await _client.ListObjectsV2Async(request, cancellationToken);
            return new([.. S3Objects.In(page)], page.IsTruncated == true ? page.NextContinuationToken : null);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            throw new ContainerException(Name, _bucket, "there is no such bucket", e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new ContainerException(Name, _bucket, $"it is refused ({e.ErrorCode})", e);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        foreach (S3ObjectStore other in _others.Values)
        {
            other.Dispose();
        }
    }

    private ListObjectsV2Request ListingOf(string prefix) =>
        new()
        {
            BucketName = _bucket,
            Prefix = prefix,
            Encoding = S3Keys.Asked,
            OptionalObjectAttributes = RestoreStatus,
        };

    private async Task<GetObjectResponse?> GetAsync(string path, string? version, long offset, CancellationToken cancellationToken)
    {
        GetObjectRequest request = new()
        {
            BucketName = _bucket,
            Key = KeyOf(path),
            EtagToMatch = version is null ? null : $"\"{version}\"",
            ByteRange = offset == 0 ? null : new ByteRange($"bytes={offset}-"),
        };
        try
        {
            return await _client.GetObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "InvalidObjectState")
        {
            throw new ObjectArchivedException(Name, path, e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectChangedException(Name, path, version!, e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return new()
            {
                Key = path,
                ContentLength = 0,
                ResponseStream = Stream.Null,
            };
        }
    }

    private S3ReadStream ReadOn(string path, GetObjectResponse first, long offset) =>
        new(first, offset, async (at, cancellationToken) =>
            await GetAsync(path, S3Objects.VersionOf(first.ETag), at, cancellationToken) ?? throw new ObjectMissingException(Name, path)
        );

    /// <summary>S3 answers 409 to the loser of two simultaneous conditional writes, and 404 to If-Match without an object.</summary>
    private static bool IsConflict(AmazonS3Exception e, WriteCondition condition) =>
        condition != WriteCondition.Always
        && (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict || e.ErrorCode == "NoSuchKey");

    private static string KeyOf(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes is 0 or > MaxKeyBytes)
        {
            throw new ObjectPathException(StoreName, path, $"it has {bytes} bytes in UTF-8; allowed are 1 to {MaxKeyBytes}");
        }
        if (path.Any(char.IsControl))
        {
            throw new ObjectPathException(StoreName, path, "it holds control characters");
        }
        return path;
    }

    private async Task<Uri> SignAsync(
        string path,
        HttpVerb verb,
        IReadOnlyDictionary<string, string> headers,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        GetPreSignedUrlRequest request = new()
        {
            BucketName = _bucket,
            Key = KeyOf(path),
            Verb = verb,
            Expires = expires.UtcDateTime,
            Protocol = options.ServiceUrl?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        foreach ((string name, string value) in headers)
        {
            request.Metadata[name] = value;
        }
        return new Uri(await _client.GetPreSignedURLAsync(request));
    }
}
