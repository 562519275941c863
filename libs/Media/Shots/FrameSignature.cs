using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>A frame as means over squares of 8x8 pixels: luma and both chromas. Small movements and noise vanish in them.</summary>
internal static class FrameSignature
{
    private const int Cell = 8;

    public static byte[] Of(VideoFrame frame)
    {
        int columns = Math.Max(1, frame.Width / Cell), rows = Math.Max(1, frame.Height / Cell);
        byte[] signature = new byte[columns * rows * 3];
        Means(frame.Luma, frame.Width, frame.Height, columns, rows, signature.AsSpan(0, columns * rows));
        Means(frame.ChromaBlue, frame.Width / 2, frame.Height / 2, columns, rows, signature.AsSpan(columns * rows, columns * rows));
        Means(frame.ChromaRed, frame.Width / 2, frame.Height / 2, columns, rows, signature.AsSpan(columns * rows * 2, columns * rows));
        return signature;
    }

    public static double MeanLuma(ReadOnlySpan<byte> signature)
    {
        long sum = 0;
        foreach (byte value in signature[..(signature.Length / 3)]) sum += value;
        return sum / (signature.Length / 3.0);
    }

    /// <summary>Mean absolute difference, luma and chroma weighing the same; 0 to 255.</summary>
    public static double Difference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int cells = a.Length / 3;
        long luma = 0, chroma = 0;
        for (int i = 0; i < cells; i++) luma += Math.Abs(a[i] - b[i]);
        for (int i = cells; i < a.Length; i++) chroma += Math.Abs(a[i] - b[i]);
        return (luma + chroma) / (2.0 * cells);
    }

    private static void Means(ReadOnlySpan<byte> plane, int width, int height, int columns, int rows, Span<byte> means)
    {
        Span<int> sums = columns <= 512 ? stackalloc int[columns] : new int[columns];
        for (int row = 0; row < rows; row++)
        {
            int y0 = row * height / rows, y1 = Math.Max(y0 + 1, (row + 1) * height / rows);
            sums.Clear();
            int cellWidth = width / columns;
            for (int y = y0; y < y1; y++)
            {
                ReadOnlySpan<byte> line = plane.Slice(y * width, width);
                for (int column = 0, x = 0; column < columns; column++)
                {
                    int sum = 0;
                    for (int end = x + cellWidth; x < end; x++) sum += line[x];
                    sums[column] += sum;
                }
            }

            int area = Math.Max(1, (y1 - y0) * cellWidth);
            for (int column = 0; column < columns; column++) means[row * columns + column] = (byte)(sums[column] / area);
        }
    }
}
