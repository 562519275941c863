using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Serverless.EndToEnd;

/// <summary>Files that a hostile or unlucky uploader sends; each is small to make and, decoded carelessly, large or dangerous.</summary>
internal static class BadFiles
{
    /// <summary>A valid PNG header and one short data chunk: 7.5 GB once decoded.</summary>
    public static byte[] PngBomb(int side)
    {
        using MemoryStream png = new();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8; // bits a channel
        header[9] = 2; // RGB
        WriteChunk(png, "IHDR", header);
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[1 << 20]);
        }
        WriteChunk(png, "IDAT", data.ToArray());
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>A GIF89a animation of 1×1 frames.</summary>
    public static byte[] AnimatedGif(int frames)
    {
        using MemoryStream gif = new();
        gif.Write("GIF89a"u8);
        gif.Write([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (int i = 0; i < frames; i++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0]);
            gif.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        }
        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    /// <summary>An MP4 whose moov atom claims to be far longer than the file.</summary>
    public static byte[] LyingMoov()
    {
        using MemoryStream mp4 = new();
        WriteAtom(mp4, "ftyp", 24, "isom\0\0\u0002\0isomiso2"u8);
        WriteAtom(mp4, "moov", 0x7FFFFFF0, new byte[64]);
        return mp4.ToArray();
    }

    public static byte[] Zip()
    {
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("../../etc/cron.d/job").Open())
        {
            entry.Write("hello"u8);
        }
        return zip.ToArray();
    }

    public static byte[] Svg() =>
        Encoding.UTF8.GetBytes(
            """<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>"""
        );

    /// <summary>What makes a careless ffmpeg open other files or addresses; the canary names the file that must never be read.</summary>
    public static byte[] Playlist(string canary) =>
        Encoding.UTF8.GetBytes(
            $"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:file://{canary}|http://127.0.0.1:9/x\n#EXT-X-ENDLIST\n"
        );

    public static byte[] ConcatScript(string canary) => Encoding.UTF8.GetBytes($"ffconcat version 1.0\nfile '{canary}'\n");

    public static byte[] Truncated(string sample, double keep)
    {
        byte[] whole = File.ReadAllBytes(sample);
        return whole[..(int)(whole.Length * keep)];
    }

    private static void WriteChunk(Stream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        png.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(typed));
        png.Write(number);
    }

    private static void WriteAtom(Stream mp4, string type, int size, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, size);
        mp4.Write(number);
        mp4.Write(Encoding.ASCII.GetBytes(type));
        mp4.Write(body);
    }
}
