namespace Serverless.Media.Sniffing;

/// <summary>WebM and Matroska by the DocType of the EBML header (RFC 8794 §11.2, RFC 9559).</summary>
internal static class Ebml
{
    public static MediaVerdict? Match(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3]))
        {
            return null;
        }

        ReadOnlySpan<byte> header = head[4..Math.Min(head.Length, 256)];
        int at = header.IndexOf<byte>([0x42, 0x82]);
        if (at < 0 || at + 3 > header.Length)
        {
            return MediaVerdict.Refuse("application/x-ebml", "an EBML file without a document type");
        }

        int length = header[at + 2] & 0x7F; // one-byte sizes are enough for every registered type
        ReadOnlySpan<byte> type = header[(at + 3)..Math.Min(header.Length, at + 3 + length)].TrimEnd((byte)0);
        if (type.SequenceEqual("webm"u8))
        {
            return MediaVerdict.Accept(MediaKind.Video, "video/webm");
        }
        if (type.SequenceEqual("matroska"u8))
        {
            return MediaVerdict.Accept(MediaKind.Video, "video/x-matroska");
        }
        return MediaVerdict.Refuse("application/x-ebml", $"an EBML file of type '{Containers.Printable(type)}'");
    }
}
