using System.Buffers.Binary;
using System.Text;

namespace Serverless.Unit.Media.Metadata;

/// <summary>Blocks of metadata as cameras and editors write them.</summary>
internal static class ToldFiles
{
    /// <summary>Little-endian EXIF: texts of the first directory, texts of the camera's, and a position in whole degrees.</summary>
    public static byte[] Exif((ushort Tag, string Text)[] picture, (ushort Tag, string Text)[] shot, (uint Latitude, uint Longitude)? place)
    {
        List<byte> bytes = [.. "II*\0"u8, 8, 0, 0, 0];
        int shotAt = 8 + 2 + 12 * (picture.Length + 2) + 4,
            gpsAt = shotAt + 2 + 12 * shot.Length + 4,
            dataAt = gpsAt + 2 + 12 * 4 + 4;
        List<byte> data = [];
        Add(bytes, (ushort)(picture.Length + 2));
        foreach ((ushort tag, string text) in picture)
        {
            AddText(bytes, data, dataAt, tag, text);
        }
        AddEntry(bytes, 0x8769, 4, 1, (uint)shotAt);
        AddEntry(bytes, 0x8825, 4, 1, place is null ? uint.MaxValue : (uint)gpsAt);
        Add(bytes, 0u);
        Add(bytes, (ushort)shot.Length);
        foreach ((ushort tag, string text) in shot)
        {
            AddText(bytes, data, dataAt, tag, text);
        }
        Add(bytes, 0u);
        Add(bytes, (ushort)4);
        AddEntry(bytes, 1, 2, 2, 'S');
        AddFractions(bytes, data, dataAt, 2, place?.Latitude ?? 0);
        AddEntry(bytes, 3, 2, 2, 'E');
        AddFractions(bytes, data, dataAt, 4, place?.Longitude ?? 0);
        Add(bytes, 0u);
        return [.. bytes, .. data];
    }

    /// <summary>IPTC among Photoshop's resources.</summary>
    public static byte[] Iptc(params (byte DataSet, string Text)[] told)
    {
        List<byte> iptc = [];
        foreach ((byte dataSet, string text) in told)
        {
            byte[] value = Encoding.UTF8.GetBytes(text);
            iptc.AddRange([0x1C, 2, dataSet, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
        }
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, iptc.Count);
        return [.. "Photoshop 3.0\0"u8, .. "8BIM"u8, 0x04, 0x04, 0, 0, .. length, .. iptc, .. iptc.Count % 2 == 1 ? new byte[1] : []];
    }

    public static byte[] Xmp(string attributes, string elements) =>
        Encoding.UTF8.GetBytes(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                + "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' "
                + "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/' "
                + $"xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/' {attributes}>{elements}"
                + "</rdf:Description></rdf:RDF></x:xmpmeta>"
        );

    /// <summary>Each block in the segment of a JPEG where it belongs.</summary>
    public static byte[] Jpeg(byte[] jpeg, byte[]? exif = null, byte[]? iptc = null, byte[]? xmp = null)
    {
        jpeg = iptc is null ? jpeg : WithSegment(jpeg, 0xED, iptc);
        jpeg = xmp is null ? jpeg : WithSegment(jpeg, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. xmp]);
        return exif is null ? jpeg : WithSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. exif]);
    }

    private static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content) =>
        [.. jpeg.AsSpan(0, 2), 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg.AsSpan(2)];

    private static void AddText(List<byte> bytes, List<byte> data, int dataAt, ushort tag, string text)
    {
        byte[] value = [.. Encoding.UTF8.GetBytes(text), 0, 0, 0, 0];
        AddEntry(bytes, tag, 2, (uint)value.Length, (uint)(dataAt + data.Count));
        data.AddRange(value);
    }

    private static void AddFractions(List<byte> bytes, List<byte> data, int dataAt, ushort tag, uint degrees)
    {
        AddEntry(bytes, tag, 5, 3, (uint)(dataAt + data.Count));
        foreach (uint part in (uint[])[degrees, 1, 30, 1, 0, 1])
        {
            Add(data, part);
        }
    }

    private static void AddEntry(List<byte> bytes, ushort tag, ushort type, uint count, uint value)
    {
        Add(bytes, tag);
        Add(bytes, type);
        Add(bytes, count);
        Add(bytes, value);
    }

    private static void Add(List<byte> bytes, ushort number) => bytes.AddRange(BitConverter.GetBytes(number));

    private static void Add(List<byte> bytes, uint number) => bytes.AddRange(BitConverter.GetBytes(number));
}
