using NetVips;

namespace Serverless.Media.Images;

/// <summary>Reads pictures through libvips: bounded by their header before anything is decoded, upright, 8-bit sRGB, transparency
/// on white. Thread-safe; live as long as the process.</summary>
public sealed class ImageReader
{
    private const int MaxProgressiveScans = 100; // each costs a pass over all coefficients; encoders write about ten

    private const int MostGifFramesCounted = 4096; // libvips tells one more and stops counting (libnsgif)

    private static readonly double[] White = [255, 255, 255];

    private readonly ImageOptions _options;

    public ImageReader(ImageOptions options)
    {
        Vips.EnsureStarted();
        _options = options;
    }

    /// <summary>Reads the header and holds it against the limits.</summary>
    /// <exception cref="MediaRejectedException">No picture of the five formats, damaged, or over a limit.</exception>
    public ImageInfo ReadHeader(ReadOnlyMemory<byte> bytes)
    {
        string mediaType = Admit(bytes.Span);
        try
        {
            using Source source = Vips.Open(bytes);
            using Image image = Load(mediaType, source);
            return Bounded(mediaType, image);
        }
        catch (VipsException e)
        {
            throw Damaged(mediaType, bytes.Length, e);
        }
    }

    /// <summary>
    /// Decodes the first frame so that it fits a square, never enlarged; uses the format's own reduction where it has one.
    /// </summary>
    /// <param name="minShorterSide">Where the shorter side would become less, the square is widened until it does not.</param>
    /// <exception cref="MediaRejectedException">As for the header, or the pixels are truncated or damaged.</exception>
    public DecodedImage Decode(ReadOnlyMemory<byte> bytes, int maxSide, int minShorterSide = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        ImageInfo info = ReadHeader(bytes);
        int side = Reduction.SideFor(info.Width, info.Height, maxSide, minShorterSide);
        try
        {
            using Source source = Vips.Open(bytes);
            return info.MediaType == "image/jpeg" && JpegReduction.TryDecode(source, info, side) is { } jpeg
                ? jpeg
                : DecodeAny(bytes, info, side);
        }
        catch (VipsException e)
        {
            throw Damaged(info.MediaType, bytes.Length, e);
        }
    }

    private static DecodedImage DecodeAny(ReadOnlyMemory<byte> bytes, ImageInfo info, int side)
    {
        using Source source = Vips.Open(bytes);
        // Not the argument failOn, by which libvips 8.18 does not refuse a truncated PNG.
        using Image reduced = Image.ThumbnailSource(source, side, "[fail_on=error]", side, Enums.Size.Down);
        using Image srgb = reduced.Colourspace(Enums.Interpretation.Srgb);
        using Image opaque = srgb.HasAlpha() ? srgb.Flatten(background: White) : srgb.Copy();
        using Image rgb = opaque.Cast(Enums.BandFormat.Uchar);
        return rgb.Bands == 3
            ? new DecodedImage(rgb.Render(), rgb.Width, rgb.Height, info)
            : throw new VipsException($"{rgb.Bands} colour channels after conversion to sRGB");
    }

    private string Admit(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _options.MaxBytes)
        {
            throw new MediaRejectedException($"Found a picture of {bytes.Length:N0} bytes; allowed are {_options.MaxBytes:N0}.");
        }

        MediaVerdict verdict = MediaSniffer.Sniff(bytes[..Math.Min(bytes.Length, MediaSniffer.HeadBytes)], bytes.Length);
        if (verdict.Kind != MediaKind.Image)
        {
            throw new MediaRejectedException(verdict.Refusal ?? $"Found {verdict.MediaType}; expected a picture.");
        }
        if (verdict.MediaType == "image/jpeg" && bytes.Count<byte>([0xFF, 0xDA]) > MaxProgressiveScans)
        {
            throw new MediaRejectedException($"Found a JPEG of more than {MaxProgressiveScans} scans; allowed are {MaxProgressiveScans}.");
        }
        return verdict.MediaType;
    }

    private static Image Load(string mediaType, Source source) =>
        mediaType switch
        {
            "image/jpeg" => Image.JpegloadSource(source),
            "image/png" => Image.PngloadSource(source),
            "image/webp" => Image.WebploadSource(source),
            "image/gif" => Image.GifloadSource(source),
            _ => Image.TiffloadSource(source),
        };

    private ImageInfo Bounded(string mediaType, Image image)
    {
        (int width, int height) = image.IsTurned() ? (image.Height, image.Width) : (image.Width, image.Height);
        ImageInfo info = new(mediaType, width, height, image.Pages(), image.HasAlpha());
        if (Math.Max(info.Width, info.Height) > _options.MaxSide)
        {
            throw new MediaRejectedException(
                $"Found a picture of {info.Width:N0}x{info.Height:N0} pixels; allowed are {_options.MaxSide:N0} a side."
            );
        }
        if ((long)info.Width * info.Height > _options.MaxPixels)
        {
            throw new MediaRejectedException(
                $"Found a picture of {info.Width:N0}x{info.Height:N0} = {(long)info.Width * info.Height:N0} pixels; allowed are "
                    + $"{_options.MaxPixels:N0}."
            );
        }
        if (info.Frames > _options.MaxFrames)
        {
            throw new MediaRejectedException($"Found a picture of {Count(info)} frames or pages; allowed are {_options.MaxFrames:N0}.");
        }
        return info;
    }

    private static string Count(ImageInfo info) =>
        info.MediaType == "image/gif" && info.Frames > MostGifFramesCounted ? $"more than {MostGifFramesCounted:N0}" : $"{info.Frames:N0}";

    private static MediaRejectedException Damaged(string mediaType, int length, VipsException e) =>
        new($"Found a damaged {mediaType} file of {length:N0} bytes ({Vips.Reason(e)}); allowed are files that decode without error.", e);
}
