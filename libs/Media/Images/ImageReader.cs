using NetVips;
using Serverless.Imaging;
using Serverless.Media.Metadata;

namespace Serverless.Media.Images;

/// <summary>Reads pictures through libvips: bounded by their header before anything is decoded, upright, 8-bit sRGB, transparency
/// on white. Thread-safe; live as long as the process.</summary>
public sealed class ImageReader
{
    private const int MostGifFramesCounted = 4096; // libvips tells one more and stops counting (libnsgif)

    private const string UnreadSamples = "tiff2vips: samples out of range"; // such as 64 bits

    /// <summary>What libtiff says of compressions that it was built without, or does not know.</summary>
    private static readonly string[] UnreadCompressions = ["compression support is not configured", "decoding is not implemented"];

    private static readonly double[] White = [255, 255, 255];

    private readonly ImageOptions _options;
    private readonly DecodeBudget _budget;

    /// <param name="budget">That of the process; where there is none, one of its own of the default size.</param>
    public ImageReader(ImageOptions options, DecodeBudget? budget = null)
    {
        Vips.EnsureStarted();
        _options = options;
        _budget = budget ?? new DecodeBudget(new DecodingOptions());
    }

    /// <summary>Reads the header and holds it against the limits.</summary>
    /// <exception cref="MediaRejectedException">No picture of the five formats, damaged, or over a limit.</exception>
    public ImageInfo ReadHeader(ReadOnlyMemory<byte> bytes) => Inspect(bytes).Info;

    /// <summary>What the picture says of itself; null where it says nothing. What cannot be read of it is a warning there.</summary>
    /// <exception cref="MediaRejectedException">As for the header.</exception>
    public MediaMetadata? ReadMetadata(ReadOnlyMemory<byte> bytes)
    {
        string mediaType = Admit(bytes);
        return Run(mediaType, bytes, () =>
        {
            using Source source = Vips.Open(bytes);
            using Image image = Load(mediaType, source);
            return PictureMetadata.Read(image, mediaType, bytes.Span);
        });
    }

    /// <summary>
    /// Decodes the first frame so that it fits a square, never enlarged; uses the format's own reduction where it has one. Waits until the
    /// process has memory for it.
    /// </summary>
    /// <param name="minShorterSide">Where the shorter side would become less, the square is widened until it does not.</param>
    /// <exception cref="MediaRejectedException">As for the header, or the pixels are truncated or damaged.</exception>
    public async Task<DecodedImage> DecodeAsync(
        ReadOnlyMemory<byte> bytes,
        int maxSide,
        int minShorterSide,
        CancellationToken cancellationToken
    )
    {
        (PictureHeader header, int side) = Inspect(bytes, maxSide, minShorterSide);
        string found = $"a picture of {header.Info.Width:N0}x{header.Info.Height:N0} pixels";
        using DecodeBudget.Lease lease = await _budget.AdmitAsync(found, header.BytesToDecode(side), cancellationToken);
        return await _budget.RunAsync(() => Decode(bytes, header, side), cancellationToken);
    }

    /// <summary>The same without waiting, for a process that decodes one picture after the other.</summary>
    public DecodedImage Decode(ReadOnlyMemory<byte> bytes, int maxSide, int minShorterSide = 0)
    {
        (PictureHeader header, int side) = Inspect(bytes, maxSide, minShorterSide);
        return Decode(bytes, header, side);
    }

    private static DecodedImage Decode(ReadOnlyMemory<byte> bytes, PictureHeader header, int side) =>
        Run(header.Info.MediaType, bytes, () => TryDecodeJpeg(bytes, header, side) ?? DecodeAny(bytes, header, side));

    private (PictureHeader Header, int Side) Inspect(ReadOnlyMemory<byte> bytes, int maxSide, int minShorterSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        PictureHeader header = Inspect(bytes);
        return (header, Reduction.SideFor(header.Info.Width, header.Info.Height, maxSide, minShorterSide));
    }

    private PictureHeader Inspect(ReadOnlyMemory<byte> bytes)
    {
        string mediaType = Admit(bytes);
        return Run(mediaType, bytes, () =>
        {
            using Source source = Vips.Open(bytes);
            using Image image = Load(mediaType, source);
            PictureHeader header = PictureHeader.Read(mediaType, image);
            CheckLimits(header.Info);
            return header;
        });
    }

    private static T Run<T>(string mediaType, ReadOnlyMemory<byte> bytes, Func<T> work)
    {
        try
        {
            return Vips.Run(work);
        }
        catch (VipsException e)
        {
            throw RejectionOf(mediaType, bytes.Length, e);
        }
    }

    private static MediaRejectedException RejectionOf(string mediaType, int length, VipsException e)
    {
        if (e.Message.Contains(UnreadSamples, StringComparison.Ordinal))
        {
            return PictureHeader.Unsupported($"of no format that libvips reads ({Vips.Reason(e)})");
        }
        return UnreadCompressions.Any(sign => e.Message.Contains(sign, StringComparison.Ordinal))
            ? new MediaRejectedException(
                MediaFault.Unsupported,
                $"Found a picture in a compression that is not read ({Vips.Reason(e)}); allowed are none, LZW, Deflate, PackBits, CCITT, "
                    + "JPEG and WebP."
            )
            : new MediaRejectedException(
                $"Found a damaged {mediaType} file of {length:N0} bytes ({Vips.Reason(e)}); allowed are files that decode without error.",
                e
            );
    }

    private static DecodedImage? TryDecodeJpeg(ReadOnlyMemory<byte> bytes, PictureHeader header, int side)
    {
        if (header.Info.MediaType != "image/jpeg" || header.XmpOrientation is not null)
        {
            return null;
        }
        using Source source = Vips.Open(bytes);
        return JpegReduction.TryDecode(source, header.Info, side);
    }

    private static DecodedImage DecodeAny(ReadOnlyMemory<byte> bytes, PictureHeader header, int side)
    {
        using Source source = Vips.Open(bytes);
        // Not the argument failOn, by which libvips 8.18 does not refuse a truncated PNG.
        using Image reduced = header.IsPlain
            ? Image.ThumbnailSource(source, side, "[fail_on=error]", side, Enums.Size.Down)
            : UnusualPicture.Reduce(bytes, source, header, side);
        using Image srgb = ColourProfile.ToSrgb(reduced);
        using Image opaque = srgb.HasAlpha() ? srgb.Flatten(background: White) : srgb.Copy();
        using Image rgb = opaque.Cast(Enums.BandFormat.Uchar);
        return rgb.Bands == 3
            ? new DecodedImage(rgb.Render(), rgb.Width, rgb.Height, header.Info)
            : throw new VipsException($"{rgb.Bands} colour channels after conversion to sRGB");
    }

    private string Admit(ReadOnlyMemory<byte> picture)
    {
        ReadOnlySpan<byte> bytes = picture.Span;
        if (bytes.Length > _options.MaxBytes)
        {
            throw TooLarge($"{bytes.Length:N0} bytes; allowed are {_options.MaxBytes:N0}.");
        }

        MediaVerdict verdict = MediaSniffer.Sniff(bytes);
        if (verdict.Kind != MediaKind.Image)
        {
            throw new MediaRejectedException(MediaFault.Unsupported, verdict.Refusal ?? $"Found {verdict.MediaType}; expected a picture.");
        }
        if (DecodingCost.FindExcess(verdict.MediaType, picture) is { } excess)
        {
            throw new MediaRejectedException(MediaFault.TooLarge, $"Found a {excess}.");
        }
        if (verdict.MediaType == "image/tiff" && TiffColours.FindUnread(bytes) is { } colours)
        {
            throw new MediaRejectedException(
                MediaFault.Unsupported,
                $"Found a picture in {colours}, which is not read; allowed are {TiffColours.Read}."
            );
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

    private void CheckLimits(ImageInfo info)
    {
        if (Math.Max(info.Width, info.Height) > _options.MaxSide)
        {
            throw TooLarge($"{info.Width:N0}x{info.Height:N0} pixels; allowed are {_options.MaxSide:N0} a side.");
        }
        if ((long)info.Width * info.Height > _options.MaxPixels)
        {
            throw TooLarge(
                $"{info.Width:N0}x{info.Height:N0} = {(long)info.Width * info.Height:N0} pixels; allowed are {_options.MaxPixels:N0}."
            );
        }
        if (info.Frames > _options.MaxFrames)
        {
            throw TooLarge($"{Count(info)} frames or pages; allowed are {_options.MaxFrames:N0}.");
        }
    }

    private static MediaRejectedException TooLarge(string found) => new(MediaFault.TooLarge, "Found a picture of " + found);

    private static string Count(ImageInfo info) =>
        info.MediaType == "image/gif" && info.Frames > MostGifFramesCounted ? $"more than {MostGifFramesCounted:N0}" : $"{info.Frames:N0}";
}
