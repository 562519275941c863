using System.Buffers;

namespace Serverless.Vectors;

/// <summary>
/// A file of batches of one space: a header (magic, format, dimensions, the space's name), a record per batch, an end record that counts
/// them, each with its length and CRC-32C. Little-endian. A segment is written once and whole; see <see cref="VectorSegmentReader"/> for
/// damaged ones.
/// </summary>
public static class VectorSegment
{
    internal const uint Magic = 0x47455356; // "VSEG"
    internal const ushort Format = 1;
    internal const uint EndLength = 0;

    public static async Task WriteAsync(
        Stream stream,
        string space,
        int dimensions,
        IEnumerable<AssetVectors> batches,
        CancellationToken cancellationToken
    )
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        SegmentRecord.WriteHeader(buffer, space, dimensions);
        uint count = 0;
        foreach (AssetVectors batch in batches)
        {
            SegmentRecord.WriteBatch(buffer, batch, dimensions);
            count++;
            await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        }

        SegmentRecord.WriteEnd(buffer, count);
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    /// <param name="dimensions">Null for as many as the segment says.</param>
    public static Task<VectorSegmentContent> ReadAsync(
        Stream stream,
        string space,
        int? dimensions,
        VectorSegmentLimits limits,
        CancellationToken cancellationToken
    ) => new VectorSegmentReader(stream, space, dimensions, limits).ReadAsync(cancellationToken);

    /// <summary>
    /// The newest batch of each asset: what many segments become when they are merged into one. Tombstones stay until they are older than
    /// <paramref name="forgetBefore"/>, which must lie further back than the oldest batch that can still arrive.
    /// </summary>
    public static IReadOnlyList<AssetVectors> Merge(IEnumerable<AssetVectors> batches, DateTimeOffset forgetBefore)
    {
        var newest = new Dictionary<string, AssetVectors>(StringComparer.Ordinal);
        foreach (AssetVectors batch in batches)
        {
            if (!newest.TryGetValue(batch.Asset, out AssetVectors? known) || batch.Owner.Supersedes(known.Owner))
            {
                newest[batch.Asset] = batch;
            }
        }

        return
        [
            .. newest
                .Values.Where(batch => !batch.Owner.IsTombstone || batch.Modified >= forgetBefore)
                .OrderBy(batch => batch.Asset, StringComparer.Ordinal),
        ];
    }
}

/// <summary>
/// What a segment held. <paramref name="Fault"/> names the first damage and its place; the batches are those before it, each verified.
/// </summary>
/// <param name="Dimensions">Of its vectors; 0 where its header could not be read.</param>
/// <param name="IsOfOtherFormat">It is not damaged; a newer program wrote it.</param>
public sealed record VectorSegmentContent(IReadOnlyList<AssetVectors> Batches, string? Fault, int Dimensions, bool IsOfOtherFormat = false);

/// <summary>Bounds on what a segment may make the reader allocate.</summary>
public sealed class VectorSegmentLimits
{
    /// <summary>Default 64 MiB: a batch of 100,000 vectors of 128 dimensions with short texts.</summary>
    public int MaxRecordBytes { get; set; } = 64 << 20;

    /// <summary>Default 4 GiB of records; a segment is held in memory whole.</summary>
    public long MaxSegmentBytes { get; set; } = 4L << 30;
}
