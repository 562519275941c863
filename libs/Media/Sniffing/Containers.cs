using System.Buffers.Binary;
using System.Text;

namespace Serverless.Media.Sniffing;

/// <summary>Formats whose signature is shared by many types: the type stands further inside.</summary>
internal static class Containers
{
    /// <param name="tail">The last bytes of the file, of which some archives need to be told; may be empty.</param>
    public static MediaVerdict? Match(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) =>
        Riff(head)
        ?? IsoBaseMedia.Match(head)
        ?? Ebml.Match(head)
        ?? ZipPackages.Match(head, tail)
        ?? Bitmap(head)
        ?? Netpbm(head)
        ?? TransportStream(head)
        ?? Aiff(head);

    private static MediaVerdict? Riff(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("RIFF"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> type = head.Slice(8, 4);
        if (type.SequenceEqual("WEBP"u8))
        {
            return MediaVerdict.Accept(MediaKind.Image, "image/webp");
        }
        if (type.SequenceEqual("AVI "u8))
        {
            return MediaVerdict.Refuse("video/x-msvideo", "an AVI video");
        }
        if (type.SequenceEqual("WAVE"u8))
        {
            return MediaVerdict.Refuse("audio/wav", "WAVE audio");
        }
        return MediaVerdict.Refuse("application/x-riff", $"a RIFF file of type '{Printable(type)}'");
    }

    private static MediaVerdict? Bitmap(ReadOnlySpan<byte> head) =>
        head.Length >= 18
        && head.StartsWith("BM"u8)
        && head.Slice(6, 4).IndexOfAnyExcept((byte)0) < 0
        && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124
            ? MediaVerdict.Refuse("image/bmp", "a BMP image")
            : null;

    // "P", a digit for the kind, and the width, apart by white space: https://netpbm.sourceforge.net/doc/ppm.html
    private static MediaVerdict? Netpbm(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4 || head[0] != 'P' || head[1] is < (byte)'1' or > (byte)'7' || head[2] is not ((byte)'\n' or (byte)'\r'))
        {
            return null;
        }
        ReadOnlySpan<byte> next = head[2..].TrimStart(" \t\r\n"u8);
        bool isHeader =
            !next.IsEmpty && (head[1] == '7' ? next.StartsWith("WIDTH"u8) : next[0] is (byte)'#' or >= (byte)'0' and <= (byte)'9');
        return isHeader ? MediaVerdict.Refuse("image/x-portable-anymap", "a Netpbm image (PBM, PGM, PPM or PAM)") : null;
    }

    private static MediaVerdict? TransportStream(ReadOnlySpan<byte> head) =>
        head.Length > 376 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47
            ? MediaVerdict.Refuse("video/mp2t", "an MPEG transport stream")
            : null;

    private static MediaVerdict? Aiff(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.StartsWith("FORM"u8) && head.Slice(8, 3).SequenceEqual("AIF"u8)
            ? MediaVerdict.Refuse("audio/aiff", "AIFF audio")
            : null;

    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '?');
        }
        return text.ToString().Trim();
    }
}
