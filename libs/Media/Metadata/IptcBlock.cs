using System.Buffers.Binary;

namespace Serverless.Media.Metadata;

/// <summary>Reads IPTC (Information Interchange Model 4.2, §1.5 and chapter 6), bare or among Photoshop's image resources, where it
/// is number 0x0404 (Adobe Photoshop File Formats, "Image Resource Blocks").</summary>
internal static class IptcBlock
{
    private const byte Marker = 0x1C,
        Application = 2;

    private const ushort IptcResource = 0x0404;

    public static void Read(ReadOnlySpan<byte> bytes, MetadataDraft draft)
    {
        string? date = null,
            time = null;
        for (ReadOnlySpan<byte> rest = Unwrap(bytes); rest.Length >= 5 && rest[0] == Marker; )
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
            if (length > rest.Length - 5)
            {
                draft.Warn("Found IPTC that is cut; its last part was not read.");
                break;
            }
            if (rest[1] == Application)
            {
                string text = ToldBytes.Decode(rest.Slice(5, length));
                date = rest[2] == 55 ? text : date;
                time = rest[2] == 60 ? text : time;
                Take(rest[2], text, draft);
            }
            rest = rest[(5 + length)..];
        }
        draft.Taken(Join(date, time));
    }

    private static void Take(byte dataSet, string text, MetadataDraft draft)
    {
        Action<string?>? take = dataSet switch
        {
            5 => draft.Title,
            25 => draft.Keyword,
            80 => draft.Creator,
            90 => draft.City,
            92 => draft.PlaceName,
            95 => draft.Region,
            101 => draft.Country,
            110 => draft.Credit,
            116 => draft.Copyright,
            120 => draft.Description,
            _ => null,
        };
        take?.Invoke(text);
    }

    // CCYYMMDD and HHMMSS±HHMM.
    private static string? Join(string? date, string? time)
    {
        if (date is not { Length: 8 })
        {
            return date;
        }
        string day = $"{date[..4]}-{date[4..6]}-{date[6..]}";
        return time is { Length: >= 6 } ? $"{day}T{time[..2]}:{time[2..4]}:{time[4..6]}{time[6..]}" : day;
    }

    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("Photoshop 3.0\0"u8))
        {
            bytes = bytes[14..];
        }
        // "8BIM", number, a name of odd length with its length before it, length, data; names and data are padded to even lengths.
        while (bytes.Length >= 12 && bytes.StartsWith("8BIM"u8))
        {
            ushort number = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            int at = 6 + ((1 + bytes[6] + 1) & ~1);
            if (at + 4 > bytes.Length)
            {
                return default;
            }
            long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            ReadOnlySpan<byte> data = bytes[(at + 4)..];
            data = data[..(int)Math.Min(length, data.Length)];
            if (number == IptcResource)
            {
                return data;
            }
            bytes = bytes[(int)Math.Min(bytes.Length, at + 4 + ((length + 1) & ~1L))..];
        }
        return bytes;
    }
}
