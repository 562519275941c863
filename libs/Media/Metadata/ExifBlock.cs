using System.Buffers.Binary;

namespace Serverless.Media.Metadata;

/// <summary>Reads EXIF (CIPA DC-008-2023, §4.6), which has the form of a TIFF file (TIFF 6.0, §2). Every offset is held against the
/// bytes; directories that are read are three, so that none can lead in circles.</summary>
internal ref struct ExifBlock
{
    private const int MaxEntries = 512;
    private const int EntryBytes = 12;
    private const int MaxValueBytes = 64 << 10;
    private const ushort ExifPointer = 0x8769,
        GpsPointer = 0x8825;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _isBigEndian;

    private ExifBlock(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _isBigEndian = bytes[0] == (byte)'M';
    }

    public static void Read(ReadOnlySpan<byte> bytes, MetadataDraft draft)
    {
        if (bytes.StartsWith("Exif\0\0"u8))
        {
            bytes = bytes[6..];
        }
        if (bytes.Length < 8 || !(bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)))
        {
            draft.Warn("Found EXIF without the head of a TIFF file; it was not read.");
            return;
        }
        new ExifBlock(bytes).Read(draft);
    }

    private readonly void Read(MetadataDraft draft)
    {
        Dictionary<ushort, string> picture = Directory(UInt32(4), out uint? exifAt, out uint? gpsAt);
        Dictionary<ushort, string> shot = exifAt is { } at ? Directory(at, out _, out _) : [];
        draft.Description(picture.GetValueOrDefault((ushort)0x010E));
        draft.Creator(picture.GetValueOrDefault((ushort)0x013B));
        draft.Copyright(picture.GetValueOrDefault((ushort)0x8298));
        draft.Camera(picture.GetValueOrDefault((ushort)0x010F), picture.GetValueOrDefault((ushort)0x0110));
        draft.Taken(Join(shot.GetValueOrDefault((ushort)0x9003), shot.GetValueOrDefault((ushort)0x9011)));
        draft.Taken(Join(picture.GetValueOrDefault((ushort)0x0132), shot.GetValueOrDefault((ushort)0x9010)));
        if (gpsAt is { } gps)
        {
            Dictionary<ushort, string> references = Directory(gps, out _, out _);
            draft.Position(
                Degrees(gps, 2, references.GetValueOrDefault((ushort)1), "S"),
                Degrees(gps, 4, references.GetValueOrDefault((ushort)3), "W")
            );
        }
    }

    private static string? Join(string? time, string? offset) => time is null || offset is null ? time : time.Trim('\0') + offset;

    /// <summary>The texts of a directory by their tags, and where it says that others are.</summary>
    private readonly Dictionary<ushort, string> Directory(uint at, out uint? exif, out uint? gps)
    {
        Dictionary<ushort, string> texts = [];
        (exif, gps) = (null, null);
        for (int i = 0; i < EntriesAt(at); i++)
        {
            int entry = (int)at + 2 + i * EntryBytes;
            (ushort tag, ushort type, uint count) = (UInt16(entry), UInt16(entry + 2), UInt32(entry + 4));
            if (type == 2 && Value(entry, count, 1) is { IsEmpty: false } text) // ASCII
            {
                texts.TryAdd(tag, ToldBytes.Decode(text.TrimEnd((byte)0)));
            }
            exif = tag == ExifPointer ? UInt32(entry + 8) : exif;
            gps = tag == GpsPointer ? UInt32(entry + 8) : gps;
        }
        return texts;
    }

    /// <summary>Degrees, minutes and seconds, each a fraction; null where there are none, NaN where they are no numbers.</summary>
    private readonly double? Degrees(uint at, ushort tag, string? reference, string negative)
    {
        for (int i = 0; i < EntriesAt(at); i++)
        {
            int entry = (int)at + 2 + i * EntryBytes;
            if (UInt16(entry) != tag || UInt16(entry + 2) != 5 || Value(entry, UInt32(entry + 4), 8) is not { Length: >= 8 } value)
            {
                continue;
            }
            double degrees = 0;
            for (int part = 0; part < Math.Min(3, value.Length / 8); part++)
            {
                ReadOnlySpan<byte> fraction = value[(part * 8)..];
                degrees += UInt32(fraction) / (double)UInt32(fraction[4..]) / Math.Pow(60, part); // 0/0, "unknown", is no number
            }
            return reference?.StartsWith(negative, StringComparison.OrdinalIgnoreCase) == true ? -degrees : degrees;
        }
        return null;
    }

    private readonly int EntriesAt(uint at)
    {
        if (at > _bytes.Length - 2)
        {
            return 0;
        }
        int room = (_bytes.Length - (int)at - 2) / EntryBytes;
        return Math.Min(Math.Min(UInt16((int)at), room), MaxEntries);
    }

    /// <summary>Up to four bytes stand in the entry itself.</summary>
    private readonly ReadOnlySpan<byte> Value(int entry, uint count, int size)
    {
        long length = (long)count * size,
            at = length <= 4 ? entry + 8 : UInt32(entry + 8);
        return length > MaxValueBytes || at + length > _bytes.Length ? default : _bytes.Slice((int)at, (int)length);
    }

    private readonly ushort UInt16(int at) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_bytes[at..]);

    private readonly uint UInt32(int at) => UInt32(_bytes[at..]);

    private readonly uint UInt32(ReadOnlySpan<byte> at) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
