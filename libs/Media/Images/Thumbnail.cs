using System.Buffers;

namespace Serverless.Media.Images;

/// <summary>Small pictures to look at.</summary>
public static unsafe class Thumbnail
{
    /// <summary>A JPEG without metadata whose longer side is at most <paramref name="maxSide"/>.</summary>
    public static byte[] EncodeJpeg(DecodedImage image, int maxSide, int quality = 80)
    {
        Vips.EnsureStarted();
        using MemoryHandle pin = image.Rgb.Pin();
        using VipsImage source = VipsImage.OverRgb((byte*)pin.Pointer, image.Width, image.Height);
        using VipsImage srgb = VipsOperation.Run("copy", source, ("interpretation", "srgb"));
        using VipsImage reduced = Math.Max(image.Width, image.Height) <= maxSide
            ? VipsOperation.Run("copy", srgb)
            : VipsOperation.Run("thumbnail_image", srgb, ("width", $"{maxSide}"), ("height", $"{maxSide}"), ("size", "down"));
        using VipsOperation save = new VipsOperation("jpegsave_buffer").With("in", reduced).With("Q", quality).With("strip", "true").With("optimize-coding", "true");
        return save.ToBytes();
    }
}
