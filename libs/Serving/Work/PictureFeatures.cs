using Serverless.Inference;

namespace Serverless.Serving.Work;

/// <summary>How a picture looks, from an even choice of at most 64 × 64 of its pixels.</summary>
internal static class PictureFeatures
{
    private const int Grid = 64;
    private const double White = 255;

    /// <summary>
    /// Brightness: the mean luma, 0 to 1 (ITU-R BT.601). Sharpness: the standard deviation of the luma's Laplacian, 0 to 4
    /// (Pech-Pacheco et al. 2000, which takes its square). Colour: the colourfulness of Hasler and Süsstrunk 2003, divided by 255.
    /// </summary>
    public static void Add(RgbImage image, Dictionary<string, double> features)
    {
        Moments luma = default,
            edges = default,
            redGreen = default,
            yellowBlue = default;
        int across = Math.Max(1, image.Width / Grid),
            down = Math.Max(1, image.Height / Grid);
        ReadOnlySpan<byte> rgb = image.Rgb.Span;
        for (int y = down / 2; y < image.Height; y += down)
        {
            for (int x = across / 2; x < image.Width; x += across)
            {
                int at = 3 * ((y * image.Width) + x);
                (double r, double g, double b) = (rgb[at], rgb[at + 1], rgb[at + 2]);
                luma.Add(Luma(rgb, at));
                redGreen.Add(r - g);
                yellowBlue.Add(((r + g) / 2) - b);
                if (x > 0 && y > 0 && x < image.Width - 1 && y < image.Height - 1)
                {
                    int row = 3 * image.Width;
                    double around = Luma(rgb, at - 3) + Luma(rgb, at + 3) + Luma(rgb, at - row) + Luma(rgb, at + row);
                    edges.Add(around - (4 * Luma(rgb, at)));
                }
            }
        }
        double spread = Math.Sqrt(redGreen.Variance + yellowBlue.Variance);
        double shift = Math.Sqrt((redGreen.Mean * redGreen.Mean) + (yellowBlue.Mean * yellowBlue.Mean));
        features["brightness"] = Math.Round(luma.Mean / White, 4);
        features["sharpness"] = Math.Round(Math.Sqrt(edges.Variance) / White, 4);
        features["colour"] = Math.Round((spread + (0.3 * shift)) / White, 4);
    }

    private static double Luma(ReadOnlySpan<byte> rgb, int at) => (0.299 * rgb[at]) + (0.587 * rgb[at + 1]) + (0.114 * rgb[at + 2]);

    private struct Moments
    {
        private int _count;
        private double _sum;
        private double _squares;

        public readonly double Mean => _count == 0 ? 0 : _sum / _count;

        public readonly double Variance => _count == 0 ? 0 : Math.Max(0, (_squares / _count) - (Mean * Mean));

        public void Add(double value)
        {
            _count++;
            _sum += value;
            _squares += value * value;
        }
    }
}
