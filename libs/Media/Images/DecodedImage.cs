using System.Buffers;

namespace Serverless.Media.Images;

/// <summary>Pixels of one picture as thumbnails, hashes, labels, predictions and search see them: the first frame, upright, no larger than
/// asked for, 8-bit sRGB into which an embedded profile was converted (relative colorimetric), transparency on white. Models resize and
/// normalise from here as their own settings say. Rows without gaps; owns a pooled buffer until disposed.</summary>
public sealed class DecodedImage : IDisposable
{
    private byte[]? _buffer;

    internal DecodedImage(byte[] rented, int width, int height, ImageInfo info)
    {
        _buffer = rented;
        Width = width;
        Height = height;
        Info = info;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The header of the file it was decoded from.</summary>
    public ImageInfo Info { get; }

    public int OriginalWidth => Info.Width;

    public int OriginalHeight => Info.Height;

    /// <summary>Red, green, blue; valid until disposed.</summary>
    public ReadOnlyMemory<byte> Rgb => (_buffer ?? throw new ObjectDisposedException(nameof(DecodedImage))).AsMemory(0, Width * Height * 3);

    /// <summary>Takes a copy of pixels that came from elsewhere, such as a video frame.</summary>
    public static DecodedImage FromRgb(ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (rgb.Length != width * height * 3)
        {
            throw new ArgumentException($"{width}x{height} RGB pixels are {width * height * 3} bytes, found {rgb.Length}.", nameof(rgb));
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(rgb.Length, 1));
        rgb.CopyTo(rented);
        return new DecodedImage(rented, width, height, new ImageInfo("image/x-rgb", width, height, 1, false));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
