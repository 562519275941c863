using System.Buffers;

namespace Serverless.Media.Video;

/// <summary>
/// One frame at reduced size, as planes of 8-bit limited-range luma and chroma (4:2:0). Owns a pooled buffer until disposed.
/// </summary>
public sealed class VideoFrame : IDisposable
{
    private readonly YuvMatrix _matrix;
    private byte[]? _buffer;

    internal VideoFrame(byte[] rented, int width, int height, TimeSpan time, YuvMatrix matrix)
    {
        _buffer = rented;
        Width = width;
        Height = height;
        Time = time;
        _matrix = matrix;
    }

    /// <summary>Even.</summary>
    public int Width { get; }

    /// <summary>Even.</summary>
    public int Height { get; }

    /// <summary>From the first picture or sound of the film.</summary>
    public TimeSpan Time { get; }

    public ReadOnlySpan<byte> Luma => Buffer.AsSpan(0, Width * Height);

    public ReadOnlySpan<byte> ChromaBlue => Buffer.AsSpan(Width * Height, Width * Height / 4);

    public ReadOnlySpan<byte> ChromaRed => Buffer.AsSpan(Width * Height * 5 / 4, Width * Height / 4);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(VideoFrame));

    internal static int SizeInBytes(int width, int height) => width * height * 3 / 2;

    /// <summary>Converts to 8-bit RGB into <paramref name="rgb"/>, three bytes a pixel.</summary>
    public void CopyRgb(Span<byte> rgb)
    {
        if (rgb.Length != Width * Height * 3)
        {
            throw new ArgumentException($"{Width}x{Height} RGB pixels are {Width * Height * 3} bytes, found {rgb.Length}.", nameof(rgb));
        }

        (int redV, int greenU, int greenV, int blueU) = Coefficients(_matrix);
        ReadOnlySpan<byte> luma = Luma,
            u = ChromaBlue,
            v = ChromaRed;
        int at = 0;
        for (int y = 0; y < Height; y++)
        {
            int row = y * Width,
                chromaRow = (y >> 1) * (Width >> 1);
            for (int x = 0; x < Width; x++)
            {
                int c = 76309 * (luma[row + x] - 16) + 32768; // 255/219 in 16.16 fixed point
                int d = u[chromaRow + (x >> 1)] - 128,
                    e = v[chromaRow + (x >> 1)] - 128;
                rgb[at++] = Clamp((c + redV * e) >> 16);
                rgb[at++] = Clamp((c - greenU * d - greenV * e) >> 16);
                rgb[at++] = Clamp((c + blueU * d) >> 16);
            }
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    // From Kr and Kb of each standard, for limited range, in 16.16 fixed point.
    private static (int RedV, int GreenU, int GreenV, int BlueU) Coefficients(YuvMatrix matrix)
    {
        (double kr, double kb) = matrix switch
        {
            YuvMatrix.Bt709 => (0.2126, 0.0722),
            YuvMatrix.Bt2020 => (0.2627, 0.0593),
            _ => (0.299, 0.114),
        };
        double scale = 65536 * 255.0 / 224,
            kg = 1 - kr - kb;
        return (
            (int)(2 * (1 - kr) * scale),
            (int)(2 * (1 - kb) * kb / kg * scale),
            (int)(2 * (1 - kr) * kr / kg * scale),
            (int)(2 * (1 - kb) * scale)
        );
    }
}
