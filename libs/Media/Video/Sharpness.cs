using System.Numerics;

namespace Serverless.Media.Video;

/// <summary>How sharp a picture is: the variance of its Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in brightfield
/// microscopy: a comparative study", ICPR 2000).</summary>
public static class Sharpness
{
    public static double Measure(VideoFrame frame) => Measure(frame.Luma, frame.Width, frame.Height);

    public static double Measure(ReadOnlySpan<byte> luma, int width, int height)
    {
        if (width < 3 || height < 3)
        {
            return 0;
        }

        long sum = 0,
            squares = 0;
        for (int y = 1; y < height - 1; y++)
        {
            ReadOnlySpan<byte> above = luma.Slice((y - 1) * width, width),
                row = luma.Slice(y * width, width),
                below = luma.Slice((y + 1) * width, width);
            (long rowSum, long rowSquares) = Row(above, row, below);
            sum += rowSum;
            squares += rowSquares;
        }

        double count = (double)(width - 2) * (height - 2),
            mean = sum / count;
        return squares / count - mean * mean;
    }

    private static (long Sum, long Squares) Row(ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below)
    {
        long sum = 0,
            squares = 0;
        int x = 1,
            last = row.Length - 1,
            step = Vector<byte>.Count;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<int> sums = Vector<int>.Zero,
                squared = Vector<int>.Zero; // a row of 65,535 pixels stays below 2^31
            for (; x + step <= last; x += step)
            {
                Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> c0, out Vector<ushort> c1);
                Vector.Widen(new Vector<byte>(above[x..]), out Vector<ushort> a0, out Vector<ushort> a1);
                Vector.Widen(new Vector<byte>(below[x..]), out Vector<ushort> b0, out Vector<ushort> b1);
                Vector.Widen(new Vector<byte>(row[(x - 1)..]), out Vector<ushort> l0, out Vector<ushort> l1);
                Vector.Widen(new Vector<byte>(row[(x + 1)..]), out Vector<ushort> r0, out Vector<ushort> r1);
                Accumulate(Vector.AsVectorInt16((c0 << 2) - a0 - b0 - l0 - r0), ref sums, ref squared);
                Accumulate(Vector.AsVectorInt16((c1 << 2) - a1 - b1 - l1 - r1), ref sums, ref squared);
                if ((x & 0x7FF) < step) // empty the squares before they could overflow
                {
                    squares += Total(squared);
                    squared = Vector<int>.Zero;
                }
            }

            sum = Total(sums);
            squares += Total(squared);
        }

        for (; x < last; x++)
        {
            int value = 4 * row[x] - above[x] - below[x] - row[x - 1] - row[x + 1];
            sum += value;
            squares += value * value;
        }

        return (sum, squares);
    }

    private static void Accumulate(Vector<short> values, ref Vector<int> sums, ref Vector<int> squares)
    {
        Vector.Widen(values, out Vector<int> low, out Vector<int> high);
        sums += low + high;
        squares += low * low + high * high;
    }

    private static long Total(Vector<int> vector)
    {
        Vector.Widen(vector, out Vector<long> low, out Vector<long> high);
        return Vector.Sum(low + high);
    }
}
