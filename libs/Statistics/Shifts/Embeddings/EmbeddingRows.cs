using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// A view of vectors that lie one after the other in memory which the caller owns. Finite numbers only: vectors that hold others are
/// counted apart.
/// </summary>
public readonly ref struct EmbeddingRows
{
    /// <summary>So that squared distances have room in a float, in up to 10⁸ dimensions.</summary>
    private const float MaxMagnitude = 1e15f;

    public EmbeddingRows(ReadOnlySpan<float> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"There are {values.Length} numbers, expected rows of {dimension}.", nameof(values));
        }
        // NaN is the greatest magnitude, where there is one.
        if (!values.IsEmpty && !(Math.Abs(TensorPrimitives.MaxMagnitude(values)) <= MaxMagnitude))
        {
            throw new ArgumentException(DescribeFirst(values, dimension), nameof(values));
        }
        Values = values;
        Dimension = dimension;
    }

    public ReadOnlySpan<float> Values { get; }

    public int Dimension { get; }

    public int Count => Dimension == 0 ? 0 : Values.Length / Dimension;

    public ReadOnlySpan<float> this[int row] => Values.Slice(row * Dimension, Dimension);

    internal static void RefuseUnlessComparable(EmbeddingRows reference, EmbeddingRows current)
    {
        if (reference.Dimension != current.Dimension)
        {
            throw new ArgumentException(
                $"Rows of the reference have {reference.Dimension} dimensions, current ones {current.Dimension}; expected one space.",
                nameof(current)
            );
        }
    }

    private static string DescribeFirst(ReadOnlySpan<float> values, int dimension)
    {
        int i = 0;
        while (Math.Abs(values[i]) <= MaxMagnitude)
        {
            i++;
        }
        return $"Number {i % dimension} of row {i / dimension} is {values[i]}, expected at most {MaxMagnitude} in magnitude: "
            + "count vectors that hold others apart.";
    }
}
