namespace Serverless.Imaging;

/// <summary>The numbers are PIL's, which preprocessor_config.json stores as "resample".</summary>
public enum ResampleFilter
{
    Nearest = 0,
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
    Box = 4,
    Hamming = 5,
}

/// <summary>The kernels of Pillow's src/libImaging/Resample.c (MIT-CMU).</summary>
internal static class ResampleKernels
{
    public static double Support(this ResampleFilter filter) =>
        filter switch
        {
            ResampleFilter.Box => 0.5,
            ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
            ResampleFilter.Bicubic => 2,
            ResampleFilter.Lanczos => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "has no kernel"),
        };

    public static double Weight(this ResampleFilter filter, double x) =>
        filter switch
        {
            ResampleFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
            ResampleFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
            ResampleFilter.Hamming => Math.Abs(x) >= 1 ? 0 : Sinc(x) * (0.54 + (0.46 * Math.Cos(x * Math.PI))),
            ResampleFilter.Bicubic => Cubic(Math.Abs(x)),
            ResampleFilter.Lanczos => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "has no kernel"),
        };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    /// <summary>Keys' cubic convolution with a = -0.5.</summary>
    private static double Cubic(double x) =>
        x < 1 ? ((((-0.5 + 2) * x) - (-0.5 + 3)) * x * x) + 1
        : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * -0.5
        : 0;
}
