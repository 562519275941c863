using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NetVips;
using Serverless.Media.Images;

namespace Serverless.Unit.Media.Images;

/// <summary>Pictures made for tests: a red, a green, a blue and a grey quarter, in any format.</summary>
internal static class TestImages
{
    public static byte[] Quarters(int width, int height)
    {
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            int quarter = (i % width >= width / 2 ? 1 : 0) + (i / width >= height / 2 ? 2 : 0);
            ReadOnlySpan<byte> colour = quarter switch
            {
                0 => [200, 30, 40],
                1 => [40, 180, 50],
                2 => [30, 60, 210],
                _ => [128, 128, 128],
            };
            colour.CopyTo(rgb.AsSpan(i * 3));
        }

        return rgb;
    }

    /// <summary>Saved through libvips: jpegsave, pngsave, webpsave, gifsave or tiffsave.</summary>
    public static byte[] Save(string saver, int width = 64, int height = 48, Enums.Interpretation? space = null)
    {
        _ = new ImageReader(new ImageOptions()); // starts libvips
        using Image raw = Image.NewFromMemory(Quarters(width, height), width, height, 3, Enums.BandFormat.Uchar);
        using Image srgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using Image image = space is { } other ? srgb.Colourspace(other) : srgb.Copy();
        return image.WriteToBuffer("." + saver[..^"save".Length]);
    }

    /// <summary>One colour everywhere, with an embedded profile.</summary>
    public static byte[] Coloured(string saver, byte[] colour, byte[] profile)
    {
        _ = new ImageReader(new ImageOptions());
        byte[] pixels = [.. Enumerable.Repeat(colour, 64 * 48).SelectMany(pixel => pixel)];
        using Image raw = Image.NewFromMemory(pixels, 64, 48, colour.Length, Enums.BandFormat.Uchar);
        using Image image = raw.Copy(interpretation: colour.Length == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        using Image marked = image.Mutate(to => to.Set(GValue.BlobType, "icc-profile-data", profile));
        return marked.WriteToBuffer("." + saver[..^"save".Length]);
    }

    /// <summary>The picture as TIFF with samples of another format, each multiplied.</summary>
    public static byte[] Tiff(Enums.BandFormat format, double scale, bool grey)
    {
        _ = new ImageReader(new ImageOptions());
        using Image raw = Image.NewFromMemory(Quarters(64, 48), 64, 48, 3, Enums.BandFormat.Uchar);
        using Image srgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using Image colours = grey ? srgb.Colourspace(Enums.Interpretation.Bw) : srgb.Copy();
        using Image scaled = colours.Linear([scale], [0]);
        using Image cast = scaled.Cast(format);
        return cast.TiffsaveBuffer();
    }

    /// <summary>Puts a segment behind the start of a JPEG.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, ReadOnlySpan<byte> content) =>
        [.. jpeg.AsSpan(0, 2), 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg.AsSpan(2)];

    /// <summary>Puts bytes that mean nothing before the quantisation tables, which a decoder passes over with a warning.</summary>
    public static byte[] WithJunk(byte[] jpeg, int length)
    {
        int at = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDB]);
        return [.. jpeg.AsSpan(0, at), .. Enumerable.Repeat((byte)0x55, length), .. jpeg.AsSpan(at)];
    }

    /// <summary>Puts an EXIF segment that holds the orientation only behind the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0II*\0\u0008\0\0\0\u0001\0\u0012\u0001\u0003\0\u0001\0\0\0"u8,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        return [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>A PNG of any header; rows hold one repeated byte.</summary>
    public static byte[] Png(int width, int height, byte bitDepth, byte colourType, byte fill, int rows)
    {
        int channels = colourType switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        byte[] row = new byte[1 + (width * channels * bitDepth + 7) / 8];
        row.AsSpan(1).Fill(fill);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < rows; y++)
            {
                zlib.Write(row);
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bitDepth;
        header[9] = colourType;
        return
        [
            0x89,
            .. "PNG\r\n\u001a\n"u8,
            .. Chunk("IHDR", header),
            .. colourType == 3 ? Chunk("PLTE", [10, 20, 30, 200, 100, 50]) : [],
            .. Chunk("IDAT", data.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>A GIF whose frames are one pixel each.</summary>
    public static byte[] Gif(int width, int height, int frames)
    {
        using var gif = new MemoryStream();
        gif.Write("GIF89a"u8);
        gif.Write([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 255, 0, 0, 0, 0, 255]);
        for (int i = 0; i < frames; i++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        }
        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    /// <summary>Of a PNG.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}
