using System.Buffers.Binary;

namespace Serverless.Vectors;

/// <summary>
/// Reads a segment that may be damaged: stops at the first fault and names it with its record and offset. The records before it are kept,
/// for each carries its own checksum and batches are independent; the owner of the segment decides whether to use them or to build it anew.
/// </summary>
internal sealed class VectorSegmentReader(Stream stream, string space, int? dimensions, VectorSegmentLimits limits)
{
    private const int ChunkBytes = 64 * 1024;
    private const int MaxDimensions = 1 << 20; // far beyond any model's; a forged number of them is not multiplied
    private readonly List<AssetVectors> _batches = [];
    private byte[] _buffer = new byte[ChunkBytes];
    private long _offset;
    private int _dimensions;
    private bool _isOfOtherFormat;

    public async Task<VectorSegmentContent> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadHeaderAsync(cancellationToken);
            while (await ReadRecordAsync(cancellationToken)) { }
            return new VectorSegmentContent(_batches, null, _dimensions);
        }
        catch (FormatException fault)
        {
            string named = $"segment of {space}, record {_batches.Count}, byte {_offset}: {fault.Message}";
            return new VectorSegmentContent(_batches, named, _dimensions, _isOfOtherFormat);
        }
    }

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await FillAsync(sizeof(uint), cancellationToken);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
        if (magic != VectorSegment.Magic)
        {
            throw new FormatException($"begins with {magic:x8}, a segment begins with {VectorSegment.Magic:x8}");
        }
        _offset = sizeof(uint);

        (uint length, ReadOnlyMemory<byte> payload) = await ReadPayloadAsync(cancellationToken);
        (uint format, uint found, string name) = SegmentPayload.ReadHeader(payload.Span);
        if (format != VectorSegment.Format)
        {
            _isOfOtherFormat = true;
            throw new FormatException($"format {format}, this program reads {VectorSegment.Format}");
        }
        if (name != space)
        {
            throw new FormatException($"holds vectors of the space {name}");
        }
        if (found is 0 or > MaxDimensions || (dimensions is { } expected && found != expected))
        {
            throw new FormatException($"holds vectors of {found} dimensions, {dimensions ?? MaxDimensions} expected");
        }
        _dimensions = (int)found;
        _offset += SegmentRecord.PrefixBytes + length;
    }

    private async Task<bool> ReadRecordAsync(CancellationToken cancellationToken)
    {
        (uint length, ReadOnlyMemory<byte> payload) = await ReadPayloadAsync(cancellationToken);
        if (length == VectorSegment.EndLength)
        {
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(payload.Span);
            if (count != _batches.Count)
            {
                throw new FormatException($"ends after {_batches.Count} records, {count} were written");
            }
            _offset += SegmentRecord.PrefixBytes + payload.Length;
            if (await stream.ReadAsync(_buffer.AsMemory(0, 1), cancellationToken) > 0)
            {
                throw new FormatException("bytes follow the end record");
            }
            return false;
        }

        _batches.Add(SegmentPayload.ReadBatch(payload.Span, _dimensions));
        _offset += SegmentRecord.PrefixBytes + length;
        return true;
    }

    private async Task<(uint Length, ReadOnlyMemory<byte> Payload)> ReadPayloadAsync(CancellationToken cancellationToken)
    {
        await FillAsync(SegmentRecord.PrefixBytes, cancellationToken);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(sizeof(uint)));
        if (length > limits.MaxRecordBytes)
        {
            throw new FormatException($"a record of {length} bytes, at most {limits.MaxRecordBytes} are read");
        }
        if (_offset + length > limits.MaxSegmentBytes)
        {
            throw new FormatException($"longer than {limits.MaxSegmentBytes} bytes, the most that is read");
        }

        int bytes = length == VectorSegment.EndLength ? sizeof(uint) : (int)length;
        await FillAsync(bytes, cancellationToken);
        return SegmentRecord.Checksum(length, _buffer.AsSpan(0, bytes)) == checksum
            ? (length, _buffer.AsMemory(0, bytes))
            : throw new FormatException($"the checksum of {bytes} bytes is not the stored {checksum:x8}");
    }

    // Grows as bytes arrive, so that a length that lies about a short file costs no more than the file.
    private async Task FillAsync(int to, CancellationToken cancellationToken)
    {
        int from = 0;
        while (from < to)
        {
            int chunk = Math.Min(to - from, ChunkBytes);
            if (from + chunk > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(from + chunk, (int)Math.Min(_buffer.Length * 2L, limits.MaxRecordBytes)));
            }
            int read = await stream.ReadAsync(_buffer.AsMemory(from, chunk), cancellationToken);
            if (read == 0)
            {
                throw new FormatException($"truncated: {to} bytes expected, {from} found");
            }
            from += read;
        }
    }
}
