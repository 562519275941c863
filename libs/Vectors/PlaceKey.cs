using System.Buffers.Binary;

namespace Serverless.Vectors;

/// <summary>
/// Names assets and places by 64 bits, by which filters are held against rows without a string being read: of a million places two share a
/// key once in thirty million indexes. Multiplied and folded as in wyhash (Wang Yi, public domain). Pure.
/// </summary>
public static class PlaceKey
{
    private const ulong First = 0xa0761d6478bd642f; // wyhash's secrets
    private const ulong Second = 0xe7037ed1a0b428db;

    /// <param name="seed">Of a place the key of its asset; of an asset 0.</param>
    /// <param name="name">In UTF-8.</param>
    public static ulong Of(ulong seed, ReadOnlySpan<byte> name)
    {
        ulong key = Fold(seed ^ First, (ulong)name.Length ^ Second);
        for (; name.Length >= sizeof(ulong); name = name[sizeof(ulong)..])
        {
            key = Fold(key ^ BinaryPrimitives.ReadUInt64LittleEndian(name), Second);
        }
        ulong rest = 0;
        foreach (byte one in name)
        {
            rest = rest << 8 | one;
        }
        return Fold(key ^ rest, First);
    }

    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out ulong low) ^ low;
}
