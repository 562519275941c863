namespace Serverless.Media.Images;

/// <summary>64 bits that stay nearly the same when a picture is scaled, recompressed or toned: signs of its lowest 8x8 DCT
/// coefficients against their median, of a 32x32 grey reduction (C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash
/// Functions", 2010, §3.2.1). Compare by Hamming distance.</summary>
public static class PerceptualHash
{
    private const int Side = 32;
    private const int Low = 8;

    private static readonly float[] Cosines = CreateCosines();

    public static ulong Compute(DecodedImage image) => Compute(image.Rgb.Span, image.Width, image.Height);

    public static ulong Compute(ReadOnlySpan<byte> rgb, int width, int height)
    {
        Span<float> grey = stackalloc float[Side * Side];
        Reduce(rgb, width, height, grey);

        // The first row and column are left out: they hold the mean and broad gradients.
        Span<float> rows = stackalloc float[Side * Low];
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Low; u++)
            {
                float sum = 0;
                for (int x = 0; x < Side; x++)
                {
                    sum += grey[y * Side + x] * Cosines[u * Side + x];
                }
                rows[y * Low + u] = sum;
            }
        }

        Span<float> coefficients = stackalloc float[Low * Low];
        for (int v = 0; v < Low; v++)
        {
            for (int u = 0; u < Low; u++)
            {
                float sum = 0;
                for (int y = 0; y < Side; y++)
                {
                    sum += rows[y * Low + u] * Cosines[v * Side + y];
                }
                coefficients[v * Low + u] = sum;
            }
        }

        Span<float> sorted = stackalloc float[Low * Low];
        coefficients.CopyTo(sorted);
        sorted.Sort();
        float median = (sorted[Low * Low / 2 - 1] + sorted[Low * Low / 2]) / 2;
        ulong hash = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] > median)
            {
                hash |= 1UL << (63 - i);
            }
        }

        return hash;
    }

    /// <summary>Number of bits in which two hashes differ; up to about 10 for the same picture.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    // Mean luma (BT.601) of each cell of a 32x32 grid; cells of small pictures share pixels.
    private static void Reduce(ReadOnlySpan<byte> rgb, int width, int height, Span<float> grey)
    {
        for (int cy = 0; cy < Side; cy++)
        {
            int y0 = cy * height / Side,
                y1 = Math.Max(y0 + 1, (cy + 1) * height / Side);
            for (int cx = 0; cx < Side; cx++)
            {
                int x0 = cx * width / Side,
                    x1 = Math.Max(x0 + 1, (cx + 1) * width / Side);
                long sum = 0;
                for (int y = y0; y < y1; y++)
                {
                    ReadOnlySpan<byte> row = rgb.Slice((y * width + x0) * 3, (x1 - x0) * 3);
                    for (int i = 0; i < row.Length; i += 3)
                    {
                        sum += 299 * row[i] + 587 * row[i + 1] + 114 * row[i + 2];
                    }
                }

                grey[cy * Side + cx] = sum / (1000f * (y1 - y0) * (x1 - x0));
            }
        }
    }

    private static float[] CreateCosines()
    {
        float[] cosines = new float[Low * Side];
        for (int u = 0; u < Low; u++)
        {
            for (int x = 0; x < Side; x++)
            {
                cosines[u * Side + x] = MathF.Cos(MathF.PI / Side * (u + 1) * (x + 0.5f));
            }
        }

        return cosines;
    }
}
