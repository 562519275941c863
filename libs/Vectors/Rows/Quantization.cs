using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Vectors.Rows;

/// <summary>
/// Symmetric codes of 8 bits with a scale a vector: element ≈ code · scale, where scale = largest magnitude / 127. Rounded to the nearest,
/// halves to even; so the codes lie from -127 to 127 and an element is off by scale / 2 at most.
/// </summary>
internal static unsafe class Quantization
{
    private const float MaxCode = 127;

    /// <summary>Writes the codes, with zeros to the end of the span, and gives the scale: 0 for a vector of zeros.</summary>
    public static float Encode(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            codes.Clear();
            return 0;
        }
        float inverse = MaxCode / largest;
        for (int i = 0; i < vector.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(vector[i] * inverse);
        }
        codes[vector.Length..].Clear();
        return largest / MaxCode;
    }

    public static void Decode(sbyte* codes, float scale, Span<float> vector)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = codes[i] * scale;
        }
    }

    /// <summary>A bit for each element below zero.</summary>
    public static void WriteSigns(ReadOnlySpan<float> vector, ulong* signs, int row, int words)
    {
        for (int word = 0; word < words; word++)
        {
            signs[RowLayout.SignWord(row, word, words)] = SignsOf(vector[(word * 64)..Math.Min(vector.Length, word * 64 + 64)]);
        }
    }

    public static ulong SignsOf(ReadOnlySpan<float> elements)
    {
        ulong signs = 0;
        int i = 0;
        for (; i + Vector256<float>.Count <= elements.Length; i += Vector256<float>.Count)
        {
            Vector256<float> some = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(elements), (nuint)i);
            signs |= (ulong)Vector256.LessThan(some, Vector256<float>.Zero).ExtractMostSignificantBits() << i;
        }
        for (; i < elements.Length; i++)
        {
            signs |= elements[i] < 0 ? 1UL << i : 0;
        }
        return signs;
    }
}
