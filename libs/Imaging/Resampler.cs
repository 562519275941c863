using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Imaging;

/// <summary>
/// Resizes RGB bytes exactly as Pillow does (src/libImaging/Resample.c and Geometry.c, MIT-CMU): separable, antialiased, first across,
/// then down, rounded to bytes in between. Only the wanted window of the resized image is computed.
/// </summary>
public static class Resampler
{
    private const int Channels = 3;
    private const int Half = 1 << (ResampleWeights.PrecisionBits - 1);

    /// <summary>Writes the window, packed RGB, of what the pixels of a source become at the given size.</summary>
    public static void Resize(
        ReadOnlySpan<byte> rgb,
        ImageSize source,
        ImageSize size,
        ResampleFilter filter,
        ImageWindow window,
        Span<byte> target
    )
    {
        if (size == source)
        {
            Copy(rgb, source.Width, window, target);
        }
        else if (filter == ResampleFilter.Nearest)
        {
            Pick(rgb, source, size, window, target);
        }
        else
        {
            Convolve(rgb, source, size, filter, window, target);
        }
    }

    private static void Copy(ReadOnlySpan<byte> rgb, int width, ImageWindow window, Span<byte> target)
    {
        int bytes = window.Width * Channels;
        for (int y = 0; y < window.Height; y++)
        {
            rgb.Slice((((window.Top + y) * width) + window.Left) * Channels, bytes).CopyTo(target[(y * bytes)..]);
        }
    }

    private static void Pick(ReadOnlySpan<byte> rgb, ImageSize source, ImageSize size, ImageWindow window, Span<byte> target)
    {
        int[] columns = ArrayPool<int>.Shared.Rent(size.Width);
        int[] rows = ArrayPool<int>.Shared.Rent(size.Height);
        FillPositions(columns.AsSpan(0, size.Width), source.Width);
        FillPositions(rows.AsSpan(0, size.Height), source.Height);
        for (int y = 0; y < window.Height; y++)
        {
            ReadOnlySpan<byte> row = rgb.Slice(rows[window.Top + y] * source.Width * Channels, source.Width * Channels);
            for (int x = 0; x < window.Width; x++)
            {
                row.Slice(columns[window.Left + x] * Channels, Channels).CopyTo(target[(((y * window.Width) + x) * Channels)..]);
            }
        }
        ArrayPool<int>.Shared.Return(rows);
        ArrayPool<int>.Shared.Return(columns);
    }

    /// <summary>Summed step by step as Pillow's ImagingScaleAffine does, so that ties fall alike.</summary>
    private static void FillPositions(Span<int> positions, int inputSize)
    {
        double step = (double)inputSize / positions.Length,
            at = step * 0.5;
        foreach (ref int position in positions)
        {
            position = Math.Min((int)at, inputSize - 1);
            at += step;
        }
    }

    private static void Convolve(
        ReadOnlySpan<byte> rgb,
        ImageSize source,
        ImageSize size,
        ResampleFilter filter,
        ImageWindow window,
        Span<byte> target
    )
    {
        using var down = new ResampleWeights(filter, source.Height, size.Height, window.Top, window.Height);
        (int firstRow, int endRow) = size.Height == source.Height ? (window.Top, window.Top + window.Height) : down.Span;
        int bytes = window.Width * Channels;
        byte[] rented = ArrayPool<byte>.Shared.Rent((endRow - firstRow) * bytes);
        Span<byte> middle = rented.AsSpan(0, (endRow - firstRow) * bytes);
        var rows = new ImageWindow(window.Left, firstRow, window.Width, endRow - firstRow);
        if (size.Width == source.Width)
        {
            Copy(rgb, source.Width, rows, middle);
        }
        else
        {
            Across(rgb, source.Width, size.Width, filter, rows, middle);
        }

        if (size.Height == source.Height)
        {
            middle.CopyTo(target);
        }
        else
        {
            for (int y = 0; y < window.Height; y++)
            {
                Down(middle, bytes, down.At(y, out int start), start - firstRow, target.Slice(y * bytes, bytes));
            }
        }
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Across(
        ReadOnlySpan<byte> rgb,
        int sourceWidth,
        int width,
        ResampleFilter filter,
        ImageWindow window,
        Span<byte> target
    )
    {
        using var weights = new ResampleWeights(filter, sourceWidth, width, window.Left, window.Width);
        int sourceBytes = sourceWidth * Channels,
            targetBytes = window.Width * Channels;
        // A pixel is read and written as 4 bytes, the last one ignored: rows go through memory with room for that.
        byte[] input = ArrayPool<byte>.Shared.Rent(sourceBytes + sizeof(uint)),
            output = ArrayPool<byte>.Shared.Rent(targetBytes + sizeof(uint));
        for (int y = 0; y < window.Height; y++)
        {
            rgb.Slice((window.Top + y) * sourceBytes, sourceBytes).CopyTo(input);
            ref byte written = ref MemoryMarshal.GetArrayDataReference(output);
            for (int x = 0; x < window.Width; x++)
            {
                ReadOnlySpan<int> taps = weights.At(x, out int start);
                ref byte pixel = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(input), start * Channels);
                Vector128<int> sum = Vector128.Create(Half);
                foreach (int weight in taps)
                {
                    Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
                    sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weight;
                    pixel = ref Unsafe.Add(ref pixel, Channels);
                }
                Unsafe.WriteUnaligned(ref written, Narrow(sum));
                written = ref Unsafe.Add(ref written, Channels);
            }
            output.AsSpan(0, targetBytes).CopyTo(target[(y * targetBytes)..]);
        }
        ArrayPool<byte>.Shared.Return(output);
        ArrayPool<byte>.Shared.Return(input);
    }

    /// <summary>Four sums as four bytes, cut to 0..255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(Vector128<int> sums)
    {
        Vector128<int> values = Vector128.Min(Vector128.Max(sums >> ResampleWeights.PrecisionBits, default), Vector128.Create(255));
        return Vector128
            .Shuffle(values.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            .AsUInt32()
            .ToScalar();
    }

    private static void Down(ReadOnlySpan<byte> rows, int rowBytes, ReadOnlySpan<int> taps, int start, Span<byte> output)
    {
        int i = 0;
        ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), start * rowBytes);
        for (; i <= rowBytes - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector256<int> low = Vector256.Create(Half),
                high = low;
            for (int t = 0; t < taps.Length; t++)
            {
                Vector256<ushort> bytes = Vector256.WidenLower(
                    Vector128.LoadUnsafe(ref first, (nuint)((t * rowBytes) + i)).ToVector256Unsafe()
                );
                (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(bytes);
                low += lower.AsInt32() * taps[t];
                high += upper.AsInt32() * taps[t];
            }
            Vector256<short> narrow = Vector256.NarrowWithSaturation(
                low >> ResampleWeights.PrecisionBits,
                high >> ResampleWeights.PrecisionBits
            );
            Vector128
                .NarrowWithSaturation(
                    Vector128.Max(narrow.GetLower(), default).AsUInt16(),
                    Vector128.Max(narrow.GetUpper(), default).AsUInt16()
                )
                .CopyTo(output[i..]);
        }
        for (; i < rowBytes; i++)
        {
            int sum = Half;
            for (int t = 0; t < taps.Length; t++)
            {
                sum += rows[((start + t) * rowBytes) + i] * taps[t];
            }
            output[i] = (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
        }
    }
}
