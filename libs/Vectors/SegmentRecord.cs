using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>The bytes of a segment's records: length and CRC-32C as two 32-bit numbers, then the payload.</summary>
internal static class SegmentRecord
{
    public const int PrefixBytes = 8;
    private const long MaxPayloadBytes = int.MaxValue / 2;

    /// <summary>The checksum covers the length, so that a flipped bit there is told from a short file.</summary>
    public static uint Checksum(uint length, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, length);
        Crc32C crc = new();
        crc.Append(prefix);
        crc.Append(payload);
        return crc.Value;
    }

    public static void WriteHeader(ArrayBufferWriter<byte> buffer, string space, int dimensions)
    {
        var payload = new ArrayBufferWriter<byte>();
        WriteUInt32(payload, VectorSegment.Format);
        WriteUInt32(payload, (uint)dimensions);
        WriteString(payload, space);
        WriteUInt32(buffer, VectorSegment.Magic);
        WriteRecord(buffer, (uint)payload.WrittenCount, payload.WrittenSpan);
    }

    public static void WriteBatch(ArrayBufferWriter<byte> buffer, AssetVectors batch, int dimensions)
    {
        var payload = new ArrayBufferWriter<byte>(256 + batch.Entries.Count * (dimensions * sizeof(float) + 64));
        WriteString(payload, batch.Asset);
        WriteString(payload, batch.Version);
        BinaryPrimitives.WriteInt64LittleEndian(payload.GetSpan(sizeof(long)), batch.Modified.UtcTicks);
        payload.Advance(sizeof(long));
        WriteUInt32(payload, (uint)batch.Entries.Count);
        foreach (VectorEntry entry in batch.Entries)
        {
            if (entry.Vector.Length != dimensions)
            {
                throw new ArgumentException(
                    $"A vector of asset {batch.Asset} has {entry.Vector.Length} dimensions; this segment holds vectors of {dimensions}.",
                    nameof(batch)
                );
            }
            WriteString(payload, entry.Kind);
            WriteString(payload, entry.Place);
            WriteString(payload, entry.Text);
            WriteVector(payload, entry.Vector.Span);
            if (payload.WrittenCount > MaxPayloadBytes)
            {
                throw new ArgumentException(
                    $"The batch of asset {batch.Asset} is larger than {MaxPayloadBytes} bytes, the most that one record holds.",
                    nameof(batch)
                );
            }
        }

        WriteRecord(buffer, (uint)payload.WrittenCount, payload.WrittenSpan);
    }

    public static void WriteEnd(ArrayBufferWriter<byte> buffer, uint count)
    {
        Span<byte> payload = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, count);
        WriteRecord(buffer, VectorSegment.EndLength, payload);
    }

    private static void WriteRecord(ArrayBufferWriter<byte> buffer, uint length, ReadOnlySpan<byte> payload)
    {
        WriteUInt32(buffer, length);
        WriteUInt32(buffer, Checksum(length, payload));
        buffer.Write(payload);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> buffer, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(sizeof(uint)), value);
        buffer.Advance(sizeof(uint));
    }

    private static void WriteString(ArrayBufferWriter<byte> buffer, string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        WriteUInt32(buffer, (uint)bytes);
        Encoding.UTF8.GetBytes(text, buffer.GetSpan(bytes));
        buffer.Advance(bytes);
    }

    private static void WriteVector(ArrayBufferWriter<byte> buffer, ReadOnlySpan<float> vector)
    {
        if (BitConverter.IsLittleEndian)
        {
            buffer.Write(MemoryMarshal.AsBytes(vector));
            return;
        }

        foreach (float element in vector)
        {
            WriteUInt32(buffer, BitConverter.SingleToUInt32Bits(element));
        }
    }
}
