using NetVips;

namespace Serverless.Media.Images;

/// <summary>What a picture says of itself before anything of it is decoded.</summary>
/// <param name="XmpOrientation">Null where the decoder finds the orientation itself, or there is none.</param>
/// <param name="IsFloat">Grey levels as floating point.</param>
/// <param name="Colours">Channels without those of transparency, masks and the like.</param>
/// <param name="Extras">Channels beside the colours; the first may be transparency.</param>
internal sealed record PictureHeader(ImageInfo Info, int? XmpOrientation, bool IsFloat, int Colours, int Extras)
{
    /// <summary>Whether libvips's thumbnail reads it as it is meant.</summary>
    public bool IsPlain => XmpOrientation is null && !IsFloat && Extras <= 1;

    /// <exception cref="MediaRejectedException">The samples are of a format whose black and white are not known.</exception>
    public static PictureHeader Read(string mediaType, Image image)
    {
        int? xmp = Images.XmpOrientation.Of(image);
        bool isTurned = (xmp ?? image.Orientation()) is >= 5 and <= 8;
        (int width, int height) = isTurned ? (image.Height, image.Width) : (image.Width, image.Height);
        ImageInfo info = new(mediaType, width, height, image.Pages(), image.HasAlpha());
        int colours = Math.Min(image.Bands, ColoursOf(image.Interpretation));
        return new PictureHeader(info, xmp, IsGreyFloat(image), colours, image.Bands - colours);
    }

    public static MediaRejectedException Unsupported(string samples) =>
        new(
            MediaFault.Unsupported,
            $"Found a picture whose samples are {samples}; allowed are unsigned integers of 8 and 16 bits, and floating point of 32 bits "
                + "for grey levels."
        );

    private static int ColoursOf(Enums.Interpretation space) =>
        space switch
        {
            Enums.Interpretation.Bw or Enums.Interpretation.Grey16 => 1,
            Enums.Interpretation.Cmyk => 4,
            _ => 3,
        };

    private static bool IsGreyFloat(Image image) =>
        image.Format switch
        {
            Enums.BandFormat.Uchar or Enums.BandFormat.Ushort => false,
            _ when image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Labq => false,
            Enums.BandFormat.Float when image.Bands == 1 => true,
            _ => throw Unsupported(NameOf(image)),
        };

    private static string NameOf(Image image) =>
        image.Format switch
        {
            Enums.BandFormat.Char => "signed integers of 8 bits",
            Enums.BandFormat.Short => "signed integers of 16 bits",
            Enums.BandFormat.Int => "signed integers of 32 bits",
            Enums.BandFormat.Uint => "unsigned integers of 32 bits",
            Enums.BandFormat.Float => "colours in floating point of 32 bits",
            _ => "complex numbers",
        };
}
