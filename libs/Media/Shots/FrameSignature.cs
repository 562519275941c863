using System.Buffers.Binary;
using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>A frame as means over squares of 8x8 pixels: luma and both chromas. Small movements and noise vanish in them.</summary>
internal static class FrameSignature
{
    private const int Cell = 8;

    public static byte[] Of(VideoFrame frame)
    {
        int columns = Math.Max(1, frame.Width / Cell),
            rows = Math.Max(1, frame.Height / Cell);
        byte[] signature = new byte[columns * rows * 3];
        Means(frame.Luma, frame.Width, frame.Height, columns, rows, signature.AsSpan(0, columns * rows));
        Means(frame.ChromaBlue, frame.Width / 2, frame.Height / 2, columns, rows, signature.AsSpan(columns * rows, columns * rows));
        Means(frame.ChromaRed, frame.Width / 2, frame.Height / 2, columns, rows, signature.AsSpan(columns * rows * 2, columns * rows));
        return signature;
    }

    public static double MeanLuma(ReadOnlySpan<byte> signature)
    {
        long sum = 0;
        foreach (byte value in signature[..(signature.Length / 3)])
        {
            sum += value;
        }
        return sum / (signature.Length / 3.0);
    }

    /// <summary>Mean absolute difference, luma and chroma weighing the same; 0 to 255.</summary>
    public static double Difference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int cells = a.Length / 3;
        long luma = 0,
            chroma = 0;
        for (int i = 0; i < cells; i++)
        {
            luma += Math.Abs(a[i] - b[i]);
        }
        for (int i = cells; i < a.Length; i++)
        {
            chroma += Math.Abs(a[i] - b[i]);
        }
        return (luma + chroma) / (2.0 * cells);
    }

    private static void Means(ReadOnlySpan<byte> plane, int width, int height, int columns, int rows, Span<byte> means)
    {
        int cellWidth = Math.Max(1, width / columns),
            cellHeight = Math.Max(1, height / rows);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int sum = 0;
                int at = row * cellHeight * width + column * cellWidth;
                for (int y = 0; y < cellHeight; y++, at += width)
                {
                    sum += Sum(plane.Slice(at, cellWidth));
                }
                means[row * columns + column] = (byte)(sum / (cellWidth * cellHeight));
            }
        }
    }

    // Cells of luma are 8 wide and of chroma 4, in all but the smallest films: their bytes are added within one word.
    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 8)
        {
            return SumLanes(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        if (bytes.Length == 4)
        {
            return SumLanes(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        }

        int sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }
        return sum;
    }

    private static int SumLanes(ulong bytes)
    {
        const ulong Even = 0x00FF00FF00FF00FF;
        return (int)(((bytes & Even) + (bytes >> 8 & Even)) * 0x0001000100010001 >> 48);
    }
}
