using System.Numerics.Tensors;
using Serverless.Packages;

namespace Serverless.Inference.Numerics;

/// <summary>
/// Makes one vector of many: the modes of sentence-transformers' Pooling module (sentence_transformers/models/Pooling.py, Apache-2.0).
/// </summary>
internal static class Pooling
{
    /// <summary>rows holds one vector after another, each of vector.Length values.</summary>
    public static void Pool(PoolingMode mode, ReadOnlySpan<float> rows, Span<float> vector)
    {
        int width = vector.Length,
            count = rows.Length / width;
        switch (mode)
        {
            case PoolingMode.Cls:
                rows[..width].CopyTo(vector);
                break;
            case PoolingMode.Last:
                rows[^width..].CopyTo(vector);
                break;
            case PoolingMode.Max:
                rows[..width].CopyTo(vector);
                for (int i = 1; i < count; i++)
                {
                    TensorPrimitives.Max(vector, rows.Slice(i * width, width), vector);
                }
                break;
            case PoolingMode.Mean:
                Sum(rows, vector);
                TensorPrimitives.Divide(vector, count, vector);
                break;
            case PoolingMode.MeanSqrtLength:
                Sum(rows, vector);
                TensorPrimitives.Divide(vector, MathF.Sqrt(count), vector);
                break;
            case PoolingMode.WeightedMean:
                vector.Clear();
                for (int i = 0; i < count; i++)
                {
                    TensorPrimitives.MultiplyAdd(rows.Slice(i * width, width), i + 1, vector, vector);
                }
                TensorPrimitives.Divide(vector, count * (count + 1) / 2f, vector);
                break;
        }
    }

    /// <summary>The average over the plane of each channel.</summary>
    public static void Average(ReadOnlySpan<float> planes, Span<float> channels)
    {
        int size = planes.Length / channels.Length;
        for (int c = 0; c < channels.Length; c++)
        {
            channels[c] = TensorPrimitives.Sum(planes.Slice(c * size, size)) / size;
        }
    }

    private static void Sum(ReadOnlySpan<float> rows, Span<float> vector)
    {
        vector.Clear();
        for (; !rows.IsEmpty; rows = rows[vector.Length..])
        {
            TensorPrimitives.Add(vector, rows[..vector.Length], vector);
        }
    }
}
