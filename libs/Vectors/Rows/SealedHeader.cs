using System.Buffers.Binary;
using System.Text;

namespace Serverless.Vectors.Rows;

/// <summary>
/// The first bytes of a sealed file: what it holds, of which space and from which object, and the CRC-32C of each part. After it, each
/// from a multiple of 64 bytes on: what is scanned (<see cref="RowLayout"/>), tables of assets and labels, and the vectors, each followed
/// by a CRC-32C of its own, since they are read one by one. Little-endian.
/// </summary>
internal sealed record SealedHeader(
    int Dimensions,
    int Rows,
    int Assets,
    long AssetBytes,
    long LabelBytes,
    uint ScanChecksum,
    uint TablesChecksum,
    string Space,
    string Source,
    IReadOnlyList<string> Kinds
)
{
    public const int MaxBytes = 64 << 10;
    private const uint Magic = 0x50414D56; // "VMAP"
    private const uint Format = 1;
    private const int Alignment = 64;

    public RowLayout Layout => new(Dimensions, Rows);

    public long TablesAt(long headerBytes) => Align(headerBytes + Layout.Bytes);

    public long VectorsAt(long headerBytes) => Align(TablesAt(headerBytes) + TablesBytes);

    public long FileBytes(long headerBytes) => VectorsAt(headerBytes) + (long)Rows * VectorBytes;

    /// <summary>Offsets of assets, offsets of labels, first rows of assets, each with one more, the end; then assets and labels.</summary>
    public long TablesBytes => (Assets + 1L) * (sizeof(long) + sizeof(int)) + (Rows + 1L) * sizeof(long) + AssetBytes + LabelBytes;

    public int VectorBytes => (Dimensions + 1) * sizeof(float);

    /// <summary>With its length first and its checksum last.</summary>
    public byte[] Write()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(0); // the length, known at the end
        foreach (int number in (int[])[Dimensions, Rows, Assets])
        {
            writer.Write(number);
        }
        writer.Write(AssetBytes);
        writer.Write(LabelBytes);
        writer.Write(ScanChecksum);
        writer.Write(TablesChecksum);
        writer.Write(Space);
        writer.Write(Source);
        writer.Write(Kinds.Count);
        foreach (string kind in Kinds)
        {
            writer.Write(kind);
        }
        byte[] header = new byte[Align(stream.Length + sizeof(uint))];
        stream.ToArray().CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2 * sizeof(uint)), header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(header.Length - sizeof(uint)),
            Crc32C.Of(header.AsSpan(0, header.Length - sizeof(uint)))
        );
        return header;
    }

    /// <param name="head">The first bytes of a file, <see cref="MaxBytes"/> or all.</param>
    /// <exception cref="FormatException">Says what is wrong with it.</exception>
    public static (SealedHeader Header, int Bytes) Read(ReadOnlySpan<byte> head)
    {
        const int fixedBytes = 3 * sizeof(uint);
        if (head.Length < fixedBytes)
        {
            throw new FormatException($"truncated: {head.Length} bytes");
        }
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(head),
            format = BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(uint)..]);
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(head[(2 * sizeof(uint))..]);
        if (magic != Magic || format != Format)
        {
            throw new FormatException($"begins with {magic:x8} and format {format}; {Magic:x8} and {Format} expected");
        }
        if (bytes < fixedBytes + sizeof(uint) || bytes > head.Length)
        {
            throw new FormatException($"a header of {bytes} bytes announced, {head.Length} found");
        }
        ReadOnlySpan<byte> covered = head[..(bytes - sizeof(uint))];
        if (Crc32C.Of(covered) != BinaryPrimitives.ReadUInt32LittleEndian(head[covered.Length..]))
        {
            throw new FormatException("the header's checksum is another");
        }
        return (ReadFields(covered[fixedBytes..].ToArray()), bytes);
    }

    private static SealedHeader ReadFields(byte[] fields)
    {
        using BinaryReader reader = new(new MemoryStream(fields), Encoding.UTF8);
        return new SealedHeader(
            reader.ReadInt32(),
            reader.ReadInt32(),
            reader.ReadInt32(),
            reader.ReadInt64(),
            reader.ReadInt64(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadString(),
            reader.ReadString(),
            [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())]
        );
    }

    public static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
