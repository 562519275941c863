using System.Buffers;
using Serverless.Imaging;

namespace Serverless.Inference.Images;

/// <summary>Turns decoded images into a model's input values, straight into its tensor. Immutable and thread-safe.</summary>
/// <typeparam name="T">float, or Half for models with float16 inputs.</typeparam>
internal sealed class ImagePreprocessor<T>(ImageProcessing processing, bool channelsLast)
    where T : unmanaged, System.Numerics.INumberBase<T>
{
    private readonly T[][] _values = [.. processing.Values.Select(channel => channel.Select(v => T.CreateSaturating(v)).ToArray())];

    /// <summary>The size of the tensor that an image of this size becomes.</summary>
    public ImageSize OutputSize(int width, int height) => processing.Crop ?? processing.Resized(width, height);

    /// <summary>Fills 3 × height × width values of <see cref="OutputSize"/>.</summary>
    public void Write(in RgbImage image, Span<T> tensor)
    {
        ImagePlacement placement = processing.Place(image.Width, image.Height);
        ImageSize resized = placement.Resized,
            output = processing.Crop ?? resized;
        (int left, int top) = (-placement.Left, -placement.Top);
        var window = new ImageWindow(
            Math.Max(left, 0),
            Math.Max(top, 0),
            Math.Min(output.Width, resized.Width),
            Math.Min(output.Height, resized.Height)
        );
        byte[] rented = ArrayPool<byte>.Shared.Rent(window.Width * window.Height * 3);
        Span<byte> pixels = rented.AsSpan(0, window.Width * window.Height * 3);
        Resampler.Resize(
            image.Rgb.Span,
            new ImageSize(image.Width, image.Height),
            resized,
            processing.Resize?.Filter ?? ResampleFilter.Nearest,
            window,
            pixels
        );
        if (window.Width < output.Width || window.Height < output.Height)
        {
            Fill(tensor, processing.Letterbox?.Fill ?? 0);
        }
        for (int y = 0; y < window.Height; y++)
        {
            int at = ((y + Math.Max(-top, 0)) * output.Width) + Math.Max(-left, 0);
            WriteRow(pixels.Slice(y * window.Width * 3, window.Width * 3), tensor, at, output.Width * output.Height);
        }
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void WriteRow(ReadOnlySpan<byte> row, Span<T> tensor, int at, int plane)
    {
        (int step, int red, int green, int blue) = channelsLast
            ? (3, 3 * at, (3 * at) + 1, (3 * at) + 2)
            : (1, at, at + plane, at + (2 * plane));
        if (processing.BlueFirst)
        {
            (red, blue) = (blue, red);
        }
        T[] reds = _values[0],
            greens = _values[1],
            blues = _values[2];
        for (int i = 0; i + 2 < row.Length; i += 3)
        {
            tensor[red] = reds[row[i]];
            tensor[green] = greens[row[i + 1]];
            tensor[blue] = blues[row[i + 2]];
            red += step;
            green += step;
            blue += step;
        }
    }

    /// <summary>Of one grey everywhere.</summary>
    private void Fill(Span<T> tensor, byte grey)
    {
        ReadOnlySpan<T> pixel = processing.BlueFirst
            ? [_values[2][grey], _values[1][grey], _values[0][grey]]
            : [_values[0][grey], _values[1][grey], _values[2][grey]];
        int plane = tensor.Length / 3;
        if (!channelsLast)
        {
            for (int c = 0; c < 3; c++)
            {
                tensor.Slice(c * plane, plane).Fill(pixel[c]);
            }
        }
        else
        {
            for (int i = 0; i < plane; i++)
            {
                pixel.CopyTo(tensor[(3 * i)..]);
            }
        }
    }
}
