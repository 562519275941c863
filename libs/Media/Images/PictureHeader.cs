using NetVips;
using Serverless.Imaging;

namespace Serverless.Media.Images;

/// <summary>What a picture says of itself before anything of it is decoded.</summary>
/// <param name="XmpOrientation">Null where the decoder finds the orientation itself, or there is none.</param>
/// <param name="IsFloat">Grey levels as floating point.</param>
/// <param name="Colours">Channels without those of transparency, masks and the like.</param>
/// <param name="Extras">Channels beside the colours; the first may be transparency.</param>
/// <param name="HeldBytes">What the decoder holds at once, whatever the picture is reduced to.</param>
internal sealed record PictureHeader(ImageInfo Info, int? XmpOrientation, bool IsFloat, int Colours, int Extras, long HeldBytes)
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
        return new PictureHeader(info, xmp, IsGreyFloat(image), colours, image.Bands - colours, HeldBytesOf(mediaType, image));
    }

    /// <summary>Memory that decoding into a square takes: what the decoder holds, and the result, of up to twice the side and twice
    /// over.</summary>
    public long BytesToDecode(int side)
    {
        ImageSize size = Reduction.SizeWithin(new ImageSize(Info.Width, Info.Height), side);
        long reduced = 4L * size.Width * size.Height;
        return HeldBytes + 2 * 3 * Math.Min(reduced, (long)Info.Width * Info.Height);
    }

    /// <summary>As measured with libvips 8.18 beside its constant 20 MB.</summary>
    private static long HeldBytesOf(string mediaType, Image image)
    {
        long pixels = (long)image.Width * image.Height,
            whole = pixels * image.Bands * BytesOf(image.Format);
        return mediaType switch
        {
            "image/jpeg" => image.Number("jpeg-multiscan") > 0 ? 2 * whole : 0, // coefficients of 16 bits, or rows
            "image/gif" => 6 * pixels,
            "image/webp" => 8 * pixels,
            "image/tiff" when image.Number("tile-height") is > 0 and int rows => 3 * whole / image.Height * Math.Min(rows, image.Height),
            _ => whole,
        };
    }

    private static int BytesOf(Enums.BandFormat format) =>
        format switch
        {
            Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
            Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
            _ => 4,
        };

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
