using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Storage;

/// <summary>
/// One upload: a single request when the content fits into one block, else blocks one after the other, each held in memory so
/// that it can be sent again. The condition is checked by the request that makes the blob appear.
/// </summary>
internal sealed class AzureUpload(
    BlockBlobClient blob,
    int firstBlockBytes,
    WriteCondition condition,
    string contentType,
    IDictionary<string, string>? metadata
)
{
    // Azure takes 50,000 blocks of at most 4,000 MiB: eight doublings from the default of 4 MiB reach 1 GiB, and 16 TB in all.
    private const int BlocksPerSize = 6000;

    private readonly BlobHttpHeaders _headers = new() { ContentType = contentType };
    private readonly BlobRequestConditions _conditions = new()
    {
        IfNoneMatch = condition.MustBeAbsent ? ETag.All : null,
        IfMatch = condition.QuotedVersion is { } version ? new ETag(version) : null,
    };

    public long Length { get; private set; }

    public async Task<BlobContentInfo> RunAsync(Stream content, CancellationToken cancellationToken)
    {
        using PartBuffer block = PartBuffer.For(content, firstBlockBytes);
        await block.FillAsync(content, firstBlockBytes, cancellationToken);
        Length = block.Count;
        return block.Count < firstBlockBytes
            ? await blob.UploadAsync(
                block.OpenRead(),
                new BlobUploadOptions
                {
                    HttpHeaders = _headers,
                    Metadata = metadata,
                    Conditions = _conditions,
                },
                cancellationToken
            )
            : await PutBlocksAsync(block, content, cancellationToken);
    }

    private async Task<BlobContentInfo> PutBlocksAsync(PartBuffer block, Stream content, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        while (block.Count > 0)
        {
            string id = BlockIdOf(ids.Count, block);
            await blob.StageBlockAsync(id, block.OpenRead(), cancellationToken: cancellationToken);
            ids.Add(id);
            await block.FillAsync(content, firstBlockBytes << (ids.Count / BlocksPerSize), cancellationToken);
            Length += block.Count;
        }
        return await blob.CommitBlockListAsync(
            ids,
            new CommitBlockListOptions
            {
                HttpHeaders = _headers,
                Metadata = metadata,
                Conditions = _conditions,
            },
            cancellationToken
        );
    }

    /// <summary>Names a block by its content: another upload to the same blob at the same time cannot slip its own block in.</summary>
    private static string BlockIdOf(int index, PartBuffer block)
    {
        Span<byte> id = stackalloc byte[sizeof(int) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(id, index);
        SHA256.HashData(block.Bytes, id[sizeof(int)..]);
        return Convert.ToBase64String(id);
    }
}
