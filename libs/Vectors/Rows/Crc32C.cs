using System.Buffers.Binary;
using System.Numerics;

namespace Serverless.Vectors.Rows;

/// <summary>CRC-32C (RFC 3720, appendix B.4), in as many parts as wanted. Finds every flipped bit and every short damaged run.</summary>
internal struct Crc32C()
{
    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        Crc32C crc = new();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes)
        {
            state = BitOperations.Crc32C(state, b);
        }
        _state = state;
    }
}
