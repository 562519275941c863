using System.Net;
using System.Threading.Channels;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.StorageLog;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>
/// Finds new object versions and announces them to the queue: at once those that the access log names, and by scanning the
/// listing whatever it did not. Scans grow rarer while they find nothing.
/// </summary>
internal sealed class BucketWatcher(
    LambdaOptions options, MessageQueue queue, Wakeup announced, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxKeysTogether = 32;
    private static readonly TimeSpan LongestOutagePause = TimeSpan.FromSeconds(10);

    private readonly AmazonS3Client _client = CreateClient(options);
    private readonly Channel<string> _written = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Wakeup _rescan = new(time);

    /// <summary>Tells of a finished request; never waits.</summary>
    public void Observe(AccessLogLine request)
    {
        if (S3Requests.WrittenKey(request, options.Bucket) is not { } key || !key.StartsWith(options.Prefix, StringComparison.Ordinal))
            return;
        // More keys than fit are found by the scan.
        if (!_written.Writer.TryWrite(key))
            _rescan.Signal();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task scanning = ScanAsync(stop.Token), looking = LookAtWrittenAsync(stop.Token);
        await Task.WhenAny(scanning, looking);
        await stop.CancelAsync(); // half a watcher would find less, and nobody would notice
        await Task.WhenAll(scanning, looking);
    }

    public void Dispose() => _client.Dispose();

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        // With a log to wake us a scan is only the safety net.
        var (shortest, longest) = options.AccessLog is null ? (0.25, 5.0) : (5.0, 60.0);
        double pause = shortest;
        int failures = 0;
        while (true)
        {
            try
            {
                pause = await ScanOnceAsync(cancellationToken) > 0 ? shortest : Math.Min(longest, pause * 2);
                if (failures > 0)
                    logger.BucketIsBack(options.Bucket, failures);
                failures = 0;
            }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException)
            {
                if (failures++ == 0)
                    logger.BucketIsAway(options.Bucket, options.ServiceUrl, e.Message);
                pause = Math.Min(LongestOutagePause.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(failures, 10)));
            }
            await _rescan.WaitAsync(TimeSpan.FromSeconds(pause), cancellationToken);
        }
    }

    private async Task<int> ScanOnceAsync(CancellationToken cancellationToken)
    {
        int news = 0;
        ListObjectsV2Request request = new() { BucketName = options.Bucket, Prefix = options.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellationToken);
            news += Announce((page.S3Objects ?? []).Select(o => new S3ObjectVersion(o.Key, o.ETag.Trim('"'), o.Size ?? 0, ModifiedOf(o.LastModified))));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return news;
    }

    private async Task LookAtWrittenAsync(CancellationToken cancellationToken)
    {
        HashSet<string> keys = [];
        while (await _written.Reader.WaitToReadAsync(cancellationToken))
        {
            keys.Clear();
            while (keys.Count < MaxKeysTogether && _written.Reader.TryRead(out string? key))
                keys.Add(key);
            try
            {
                S3ObjectVersion?[] found = await Task.WhenAll(keys.Select(key => FindAsync(key, cancellationToken)));
                Announce(found.OfType<S3ObjectVersion>());
            }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException)
            {
                _rescan.Signal();
            }
        }
    }

    private async Task<S3ObjectVersion?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            GetObjectMetadataResponse found = await _client.GetObjectMetadataAsync(options.Bucket, key, cancellationToken);
            return new(key, found.ETag.Trim('"'), found.ContentLength, ModifiedOf(found.LastModified));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private int Announce(IEnumerable<S3ObjectVersion> found)
    {
        int news = queue.Announce(found);
        if (news > 0)
            announced.Signal();
        return news;
    }

    private static DateTimeOffset ModifiedOf(DateTime? modified) => modified is { } at ? new(at.ToUniversalTime()) : default;

    private static AmazonS3Client CreateClient(LambdaOptions options) => new(new AmazonS3Config
    {
        ServiceURL = options.ServiceUrl.AbsoluteUri,
        AuthenticationRegion = options.Region,
        ForcePathStyle = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        MaxErrorRetry = 1, // the scan comes again by itself
        Timeout = TimeSpan.FromSeconds(10),
    });
}
