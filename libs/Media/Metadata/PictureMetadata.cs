using NetVips;
using Serverless.Media.Images;

namespace Serverless.Media.Metadata;

/// <summary>What a picture says of itself in XMP, IPTC and EXIF. Where they differ, XMP is what an editor wrote last, and EXIF what the
/// camera wrote first.</summary>
internal static class PictureMetadata
{
    private const int MaxBlockBytes = 4 << 20;

    /// <param name="file">A TIFF file is itself what EXIF is elsewhere.</param>
    public static MediaMetadata? Read(Image image, string mediaType, ReadOnlySpan<byte> file)
    {
        MetadataDraft draft = new();
        if (Block(image, "xmp-data", draft) is { } xmp)
        {
            XmpPacket.Read(xmp, draft);
        }
        if (Block(image, "iptc-data", draft) is { } iptc)
        {
            IptcBlock.Read(iptc, draft);
        }
        if (Block(image, "exif-data", draft) is { } exif)
        {
            ExifBlock.Read(exif, draft);
        }
        else if (mediaType == "image/tiff" && file.Length > 4 && (file[2] | file[3]) == 42) // not BigTIFF
        {
            ExifBlock.Read(file, draft);
        }
        return draft.Build();
    }

    private static byte[]? Block(Image image, string field, MetadataDraft draft)
    {
        if (!image.Contains(field) || image.Get(field) is not byte[] { Length: > 0 } block)
        {
            return null;
        }
        if (block.Length <= MaxBlockBytes)
        {
            return block;
        }
        draft.Warn($"Found {field} of {block.Length:N0} bytes; allowed are {MaxBlockBytes:N0}.");
        return null;
    }
}
