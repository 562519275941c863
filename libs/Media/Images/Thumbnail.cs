using NetVips;
using Serverless.Imaging;

namespace Serverless.Media.Images;

/// <summary>Small pictures to look at.</summary>
public static class Thumbnail
{
    /// <summary>A JPEG without metadata whose longer side is at most <paramref name="maxSide"/>.</summary>
    public static byte[] EncodeJpeg(DecodedImage image, int maxSide, int quality = 80)
    {
        Vips.EnsureStarted();
        ImageSize found = new(image.Width, image.Height),
            wanted = Reduction.SizeWithin(found, maxSide);
        if (wanted == found)
        {
            return Encode(image.Rgb, wanted, quality);
        }
        byte[] reduced = new byte[wanted.Width * wanted.Height * 3];
        Resampler.Resize(image.Rgb.Span, found, wanted, ResampleFilter.Bicubic, ImageWindow.Whole(wanted), reduced);
        return Encode(reduced, wanted, quality);
    }

    private static byte[] Encode(ReadOnlyMemory<byte> rgb, ImageSize size, int quality) =>
        Vips.Run(() =>
        {
            using Image source = Image.NewFromMemory(rgb, size.Width, size.Height, 3, Enums.BandFormat.Uchar);
            using Image srgb = source.Copy(interpretation: Enums.Interpretation.Srgb);
            return srgb.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None);
        });
}
