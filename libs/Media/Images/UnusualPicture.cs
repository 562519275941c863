using NetVips;

namespace Serverless.Media.Images;

/// <summary>The pictures that libvips's thumbnail does not read as they are meant: those that only XMP turns, those with masks beside their
/// colours, of which it takes the last for transparency, and grey levels in floating point, of which it takes 255 for white.</summary>
internal static class UnusualPicture
{
    private const double White = 255;

    public static Image Reduce(ReadOnlyMemory<byte> bytes, Source source, PictureHeader header, int side)
    {
        using Image whole = Open(source);
        using Image coloured = header.Extras > 1 ? whole.ExtractBand(0, header.Colours) : whole.Copy();
        using Image scaled = header.IsFloat ? coloured.Linear([ScaleOf(bytes)], [0]) : coloured.Copy();
        using Image upright = scaled.Mutate(image =>
        {
            if (header.XmpOrientation is { } orientation)
            {
                image.Set(GValue.GIntType, VipsImage.OrientationField, orientation);
            }
        });
        return upright.ThumbnailImage(side, side, Enums.Size.Down);
    }

    /// <summary>Files do not say what white is; in use are 1 and 255.</summary>
    private static double ScaleOf(ReadOnlyMemory<byte> bytes)
    {
        using Source source = Vips.Open(bytes);
        using Image image = Open(source);
        double brightest = image.Max();
        return brightest switch
        {
            <= 1 => White,
            <= White => 1,
            _ => throw new MediaRejectedException(
                MediaFault.Unsupported,
                $"Found a picture whose samples are floating point of up to {brightest:G4}; allowed are 0 to 1 and 0 to 255."
            ),
        };
    }

    private static Image Open(Source source) => Image.NewFromSource(source, "[fail_on=error]", Enums.Access.Sequential);
}
