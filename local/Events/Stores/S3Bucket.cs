using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Serverless.Local.Events.AccessLogs;
using Serverless.Storage;

namespace Serverless.Local.Events.Stores;

/// <summary>
/// A bucket of an S3 server, below a prefix. Its events are those of a notification for <c>s3:ObjectCreated:*</c> and
/// <c>s3:ObjectRemoved:*</c>.
/// </summary>
internal sealed class S3Bucket(S3EventsOptions options) : IWatchedStore, IDisposable
{
    private readonly AmazonS3Client _client = new(
        new AmazonS3Config
        {
            ServiceURL = options.ServiceUrl.AbsoluteUri,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 1, // the scan comes again by itself
            Timeout = TimeSpan.FromSeconds(10),
        }
    );

    public string Name => $"s3-{options.Bucket}";

    public string? ChangedKey(AccessLogLine request) =>
        S3Requests.ChangedKey(request, options.Bucket) is { } key && key.StartsWith(options.Prefix, StringComparison.Ordinal) ? key : null;

    public async IAsyncEnumerable<IReadOnlyList<FoundObject>> ListPagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new()
        {
            BucketName = options.Bucket,
            Prefix = options.Prefix,
            Encoding = S3Keys.Asked,
        };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellationToken);
            yield return
            [
                .. (page.S3Objects ?? []).Select(o => new FoundObject(
                    S3Keys.Read(o.Key, page.Encoding),
                    o.ETag.Trim('"'),
                    o.Size ?? 0,
                    ModifiedOf(o.LastModified)
                )),
            ];
            request.ContinuationToken = page.NextContinuationToken;
        } while (page.IsTruncated == true);
    }

    public async Task<FoundObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            GetObjectMetadataResponse found = await _client.GetObjectMetadataAsync(options.Bucket, key, cancellationToken);
            return new FoundObject(key, found.ETag.Trim('"'), found.ContentLength, ModifiedOf(found.LastModified));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public bool IsOutage(Exception failure) =>
        failure
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or TimeoutException
                or IOException
                or OperationCanceledException;

    public string DescribeCreated(FoundObject found) =>
        S3Notification.FormatRecord(S3Notification.Created, found, options.Bucket, options.Region);

    public string? DescribeDeleted(FoundObject last) =>
        S3Notification.FormatRecord(S3Notification.Removed, last, options.Bucket, options.Region);

    public void Dispose() => _client.Dispose();

    private static DateTimeOffset ModifiedOf(DateTime? modified) => modified is { } at ? new(at.ToUniversalTime()) : default;
}
