using Amazon.S3;
using Amazon.S3.Model;

namespace Serverless.Storage;

/// <summary>
/// One upload: a single request when the content fits into one part, else parts one after the other, each held in memory so
/// that it can be sent again. The condition is checked by the request that makes the object appear.
/// </summary>
internal sealed class S3Upload(IAmazonS3 client, int partBytes, string bucket, string key, WriteCondition condition, string contentType)
{
    private const int PartsPerSize = 1000;
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    public long Length { get; private set; }

    /// <summary>The ETag of the new object.</summary>
    public async Task<string> RunAsync(Stream content, CancellationToken cancellationToken)
    {
        using PartBuffer part = PartBuffer.For(content, partBytes);
        await part.FillAsync(content, partBytes, cancellationToken);
        return part.Count < partBytes ? await PutAsync(part, cancellationToken) : await PutPartsAsync(part, content, cancellationToken);
    }

    private async Task<string> PutAsync(PartBuffer part, CancellationToken cancellationToken)
    {
        PutObjectResponse put = await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                ContentType = contentType,
                InputStream = part.OpenRead(),
                UseChunkEncoding = false,
                IfNoneMatch = condition.MustBeAbsent ? "*" : null,
                IfMatch = condition.QuotedVersion,
            },
            cancellationToken
        );
        Length = part.Count;
        return put.ETag;
    }

    private async Task<string> PutPartsAsync(PartBuffer part, Stream content, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadResponse upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                ContentType = contentType,
            },
            cancellationToken
        );
        try
        {
            List<PartETag> parts = [];
            while (part.Count > 0)
            {
                parts.Add(await PutPartAsync(upload.UploadId, parts.Count + 1, part, cancellationToken));
                await part.FillAsync(content, partBytes << (parts.Count / PartsPerSize), cancellationToken);
            }
            CompleteMultipartUploadResponse completed = await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = upload.UploadId,
                    PartETags = parts,
                    IfNoneMatch = condition.MustBeAbsent ? "*" : null,
                    IfMatch = condition.QuotedVersion,
                },
                cancellationToken
            );
            return completed.ETag;
        }
        catch
        {
            await AbortQuietlyAsync(upload.UploadId);
            throw;
        }
    }

    private async Task<PartETag> PutPartAsync(string uploadId, int number, PartBuffer part, CancellationToken cancellationToken)
    {
        UploadPartResponse put = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = part.Count,
                InputStream = part.OpenRead(),
                UseChunkEncoding = false,
            },
            cancellationToken
        );
        Length += part.Count;
        return new(number, put.ETag);
    }

    /// <summary>Without the abort the parts would be kept, and paid for; its own failure must not hide the first one.</summary>
    private async Task AbortQuietlyAsync(string uploadId)
    {
        try
        {
            using CancellationTokenSource limit = new(AbortLimit);
            await client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = uploadId,
                },
                limit.Token
            );
        }
        catch (Exception e) when (e is AmazonS3Exception or HttpRequestException or OperationCanceledException) { }
    }
}
