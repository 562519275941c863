using System.Buffers.Binary;

namespace Serverless.Media.Sniffing;

/// <summary>ISO base media files (ISO/IEC 14496-12) by the brands of their ftyp box, and QuickTime files older than brands.</summary>
internal static class IsoBaseMedia
{
    public static MediaVerdict? Match(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || IsText(head[..4]))
        {
            return null;
        }

        ReadOnlySpan<byte> box = head.Slice(4, 4);
        if (!box.SequenceEqual("ftyp"u8))
        {
            return box.SequenceEqual("moov"u8) || box.SequenceEqual("mdat"u8) || box.SequenceEqual("wide"u8) || box.SequenceEqual("pnot"u8)
                ? MediaVerdict.Accept(MediaKind.Video, "video/quicktime")
                : null;
        }

        uint size = BinaryPrimitives.ReadUInt32BigEndian(head);
        int end = (int)Math.Min(Math.Max(size, 12), (uint)head.Length);
        MediaVerdict? verdict = ByBrand(head.Slice(8, 4));
        for (int at = 16; verdict is null && at + 4 <= end; at += 4)
        {
            verdict = ByBrand(head.Slice(at, 4));
        }
        return verdict ?? MediaVerdict.Refuse("application/mp4", $"an ISO media file of brand '{Containers.Printable(head.Slice(8, 4))}'");
    }

    // "The wide road" has a box type in its place, but not a length before it: these letters would make half a gigabyte and more.
    private static bool IsText(ReadOnlySpan<byte> size) => size.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;

    private static MediaVerdict? ByBrand(ReadOnlySpan<byte> brand) =>
        Containers.Printable(brand) switch
        {
            "qt" => MediaVerdict.Accept(MediaKind.Video, "video/quicktime"),
            "M4A" or "M4B" or "M4P" or "F4A" or "F4B" => MediaVerdict.Refuse("audio/mp4", "MP4 audio"),
            "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1" => MediaVerdict.Refuse(
                "image/heif",
                "a HEIF image"
            ),
            "avif" or "avis" => MediaVerdict.Refuse("image/avif", "an AVIF image"),
            "crx" => MediaVerdict.Refuse("image/x-canon-cr3", "a Canon raw photo"),
            "jp2" or "jpx" or "jpm" => MediaVerdict.Refuse("image/jp2", "a JPEG 2000 image"),
            "isom"
            or "mp41"
            or "mp42"
            or "mp71"
            or "avc1"
            or "M4V"
            or "M4VH"
            or "M4VP"
            or "MSNV"
            or "dash"
            or "f4v"
            or "F4V"
            or "XAVC"
            or "mmp4"
            or "cmfc"
            or "cmf2" => MediaVerdict.Accept(MediaKind.Video, "video/mp4"),
            ['i', 's', 'o', >= '2' and <= '9' or >= 'a' and <= 'c'] => MediaVerdict.Accept(MediaKind.Video, "video/mp4"),
            ['3', 'g', 'p' or '2' or 'e' or 'r' or 's', ..] => MediaVerdict.Accept(MediaKind.Video, "video/3gpp"),
            _ => null,
        };
}
