using System.Buffers.Binary;
using System.Text;

namespace Serverless.Vectors;

/// <summary>
/// Reads a verified payload. Every length is checked against the bytes that are left, so that a forged one allocates nothing.
/// </summary>
internal ref struct SegmentPayload(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _left = bytes;

    public static (uint Format, uint Dimensions, string Space) ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var payload = new SegmentPayload(bytes);
        return (payload.ReadUInt32(), payload.ReadUInt32(), payload.ReadString());
    }

    public static AssetVectors ReadBatch(ReadOnlySpan<byte> bytes, int dimensions)
    {
        var payload = new SegmentPayload(bytes);
        string asset = payload.ReadString();
        string version = payload.ReadString();
        DateTimeOffset modified = payload.ReadTime();
        var entries = new VectorEntry[payload.ReadCount(dimensions)];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = payload.ReadEntry(dimensions);
        }
        if (payload._left.Length > 0)
        {
            throw new FormatException($"{payload._left.Length} bytes follow the last vector");
        }
        return new AssetVectors(asset, version, modified, entries);
    }

    private VectorEntry ReadEntry(int dimensions)
    {
        string kind = ReadString();
        string place = ReadString();
        string text = ReadString();
        ReadOnlySpan<byte> elements = Take((uint)dimensions * sizeof(float));
        float[] vector = new float[dimensions];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(elements[(i * sizeof(float))..]);
        }
        return Unit.IsFinite(vector)
            ? new VectorEntry(kind, place, text, vector)
            : throw new FormatException("a vector holds an element that is not finite");
    }

    private int ReadCount(int dimensions)
    {
        uint count = ReadUInt32();
        long least = count * (dimensions * sizeof(float) + 3L * sizeof(uint));
        return least <= _left.Length
            ? (int)count
            : throw new FormatException($"{count} vectors do not fit in the {_left.Length} bytes left");
    }

    private DateTimeOffset ReadTime()
    {
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new FormatException($"{ticks} ticks are no time");
    }

    private string ReadString()
    {
        try
        {
            return StrictUtf8.GetString(Take(ReadUInt32()));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("a string is not UTF-8");
        }
    }

    private uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > _left.Length)
        {
            throw new FormatException($"{length} bytes announced, {_left.Length} left");
        }
        ReadOnlySpan<byte> taken = _left[..(int)length];
        _left = _left[(int)length..];
        return taken;
    }
}
