using System.Buffers;

namespace Serverless.Imaging;

/// <summary>
/// Pillow's precompute_coeffs and normalize_coeffs_8bpc for one axis: for every wanted output position the first input position and
/// the fixed-point weights from there on. Dispose returns the rented arrays.
/// </summary>
internal readonly struct ResampleWeights : IDisposable
{
    /// <summary>Bits after the point: 8 for the pixel and 2 for overshooting kernels are kept free.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private readonly int[] _weights;
    private readonly int[] _starts;
    private readonly int _taps;

    /// <summary>For the outputs first … first + count - 1 of outputSize, made from inputSize pixels.</summary>
    public ResampleWeights(ResampleFilter filter, int inputSize, int outputSize, int first, int count)
    {
        double scale = (double)inputSize / outputSize;
        double filterScale = Math.Max(scale, 1);
        double support = filter.Support() * filterScale;
        _taps = (2 * (int)Math.Ceiling(support)) + 1;
        Count = count;
        _starts = ArrayPool<int>.Shared.Rent(2 * count);
        _weights = ArrayPool<int>.Shared.Rent(count * _taps);
        double[] exact = ArrayPool<double>.Shared.Rent(_taps);
        for (int i = 0; i < count; i++)
        {
            double centre = (first + i + 0.5) * scale;
            int start = Math.Max(0, (int)(centre - support + 0.5));
            int length = Math.Min(inputSize, (int)(centre + support + 0.5)) - start;
            double sum = 0;
            for (int t = 0; t < length; t++)
            {
                sum += exact[t] = filter.Weight((t + start - centre + 0.5) * (1 / filterScale));
            }
            for (int t = 0; t < length; t++)
            {
                _weights[(i * _taps) + t] = ToFixed(sum != 0 ? exact[t] / sum : exact[t]);
            }
            (_starts[2 * i], _starts[(2 * i) + 1]) = (start, length);
        }
        ArrayPool<double>.Shared.Return(exact);
    }

    public int Count { get; }

    /// <summary>The first input position that any output needs, and the one after the last.</summary>
    public (int First, int End) Span => (_starts[0], _starts[2 * (Count - 1)] + _starts[(2 * (Count - 1)) + 1]);

    public ReadOnlySpan<int> At(int output, out int start)
    {
        start = _starts[2 * output];
        return _weights.AsSpan(output * _taps, _starts[(2 * output) + 1]);
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_weights);
        ArrayPool<int>.Shared.Return(_starts);
    }

    private static int ToFixed(double weight) => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << PrecisionBits)));
}
