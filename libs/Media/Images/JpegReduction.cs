using System.Buffers;
using NetVips;
using Serverless.Imaging;

namespace Serverless.Media.Images;

/// <summary>
/// Colour JPEGs, most pictures by far, the short way: the decoder itself reduces them to between one and two times the wanted size, our
/// resampler does the rest. libvips's thumbnail, right for every kind of picture, takes three times as long: it asks the decoder for twice
/// the pixels, and its own resampling costs more than the decoding.
/// </summary>
internal static class JpegReduction
{
    private const int Most = 8; // libjpeg reduces by 1, 2, 4 and 8

    /// <summary>Null where the JPEG is no plain colour picture; nothing has been decoded then.</summary>
    /// <param name="side">Of the square that the picture is to fit.</param>
    public static DecodedImage? TryDecode(Source source, ImageInfo info, int side)
    {
        int longer = Math.Max(info.Width, info.Height),
            shrink = 1;
        while (shrink < Most && longer >= 2 * shrink * side)
        {
            shrink *= 2;
        }
        using Image image = Image.JpegloadSource(source, shrink: shrink, autorotate: true, failOn: Enums.FailOn.Error);
        if (image.Bands != 3 || image.Interpretation != Enums.Interpretation.Srgb)
        {
            return null;
        }

        byte[]? profile = ColourProfile.OfRgb(image);
        byte[] pixels = image.Render();
        ImageSize found = new(image.Width, image.Height),
            wanted = Reduction.SizeWithin(new ImageSize(info.Width, info.Height), side);
        if (found != wanted)
        {
            byte[] reduced = ArrayPool<byte>.Shared.Rent(wanted.Width * wanted.Height * 3);
            Resampler.Resize(pixels, found, wanted, ResampleFilter.Bicubic, ImageWindow.Whole(wanted), reduced);
            ArrayPool<byte>.Shared.Return(pixels);
            pixels = reduced;
        }
        return new DecodedImage(
            profile is null ? pixels : ColourProfile.ToSrgb(pixels, wanted.Width, wanted.Height, profile),
            wanted.Width,
            wanted.Height,
            info
        );
    }
}
